package dev.sluice.platform.web;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Tells answers that last for as long as somebody listens: server-sent events, and what follows a change of protocol. How long
 * they take says nothing about how quick the service is. Pure.
 */
public final class StreamedAnswer {

    private StreamedAnswer() {}

    /** Once its head is known. */
    public static boolean is(ServerHttpResponse response) {
        if (HttpStatus.SWITCHING_PROTOCOLS.equals(response.getStatusCode())) {
            return true;
        }
        String type = response.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
        return type != null && isEventStream(type);
    }

    /** A media type, perhaps with parameters. */
    private static boolean isEventStream(String type) {
        String wanted = MediaType.TEXT_EVENT_STREAM_VALUE;
        return type.regionMatches(true, 0, wanted, 0, wanted.length())
                && (type.length() == wanted.length() || " ;".indexOf(type.charAt(wanted.length())) >= 0);
    }
}
