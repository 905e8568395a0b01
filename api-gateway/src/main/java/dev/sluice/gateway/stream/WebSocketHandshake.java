package dev.sluice.gateway.stream;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Whether a request asks for a WebSocket (RFC 6455, section 4.2.1), and may have one. Pure. */
final class WebSocketHandshake {

    private static final String VERSION = "13";
    private static final ProblemType WRONG_VERSION =
            ProblemType.ours("websocket_version", 426, "The WebSocket version is not supported");

    private WebSocketHandshake() {}

    static boolean isAskedFor(HttpHeaders headers) {
        return hasToken(headers, HttpHeaders.CONNECTION, "upgrade")
                && hasToken(headers, HttpHeaders.UPGRADE, "websocket");
    }

    private static boolean hasToken(HttpHeaders headers, String name, String token) {
        return headers.getOrEmpty(name).stream()
                .flatMap(line -> List.of(line.split(",", -1)).stream())
                .anyMatch(each -> each.strip().equalsIgnoreCase(token));
    }

    /**
     * Refuses what is no handshake, and a page of another site. No browser sends a key by itself, so such a page could do
     * nothing without one; but a key that is worked with in a page is not for every page to use.
     */
    static void check(HttpHeaders headers, List<String> allowedOrigins) {
        if (!VERSION.equals(headers.getFirst("Sec-WebSocket-Version"))) {
            throw new ProblemException(WRONG_VERSION, "Use version 13 of the WebSocket protocol.")
                    .withField("Sec-WebSocket-Version")
                    .withHeader("Sec-WebSocket-Version", VERSION);
        }
        if (headers.getOrEmpty("Sec-WebSocket-Key").size() != 1) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_HEADER, "Sec-WebSocket-Key", "Send exactly one Sec-WebSocket-Key.");
        }
        String origin = headers.getFirst(HttpHeaders.ORIGIN);
        if (origin != null && !isOwn(origin, headers.getFirst(HttpHeaders.HOST)) && !allowedOrigins.contains(origin)) {
            throw ProblemException.ofField(
                    ProblemType.FORBIDDEN,
                    HttpHeaders.ORIGIN,
                    "Open the stream from a page of this host, or let the operator allow this origin.");
        }
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        int scheme = origin.indexOf("://");
        return host != null && scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
    }
}
