package dev.sluice.platform.web.express;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Which requests may go the short way: those of which a look shows that they are what nearly all are. Of any other WebFlux
 * decides what to make; the answer is the same for both. Pure.
 */
public final class PlainRequests {

    /** Not HEAD, of whose answers WebFlux drops the bodies. */
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);

    private static final String IN_PATH = "-._~/:@,";
    private static final String IN_QUERY = "-._~/=&+,:@!$'()*?";

    private PlainRequests() {}

    public static boolean contain(HttpServerRequest request) {
        HttpHeaders headers = request.requestHeaders();
        return METHODS.contains(request.method())
                && request.version().equals(HttpVersion.HTTP_1_1)
                && !headers.contains(HttpHeaderNames.UPGRADE)
                && isHost(headers.get(HttpHeaderNames.HOST, ""))
                && isTarget(request.uri());
    }

    /** A name or an IPv4 address, perhaps with a port. */
    static boolean isHost(String host) {
        int colon = host.indexOf(':');
        int end = colon < 0 ? host.length() : colon;
        for (int i = 0; i < end; i++) {
            char c = host.charAt(i);
            if (!isLetterOrDigit(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return end > 0 && (colon < 0 || isPort(host, colon + 1));
    }

    private static boolean isPort(String host, int from) {
        for (int i = from; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return host.length() > from && host.length() <= from + 5;
    }

    /** Path and query of which no URI parser thinks anything. */
    static boolean isTarget(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        if (!target.startsWith("/") || target.startsWith("//")) {
            return false;
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (!isLetterOrDigit(c) && (i < end ? IN_PATH : IN_QUERY).indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
