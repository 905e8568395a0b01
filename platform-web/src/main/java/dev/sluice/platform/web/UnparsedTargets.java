package dev.sluice.platform.web;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.UUID;
import org.reactivestreams.Publisher;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Says what is wrong with a request whose target is no URI, such as one with half an escape: WebFlux answers it with a status and no word,
 * before any filter.
 */
final class UnparsedTargets {

    private static final int STATUS = 400;
    private static final String PLAIN = "-._~/:@,?=&+!$'()*";

    private UnparsedTargets() {}

    static boolean contain(HttpServerRequest request) {
        String target = request.uri();
        if (!target.startsWith("/") || isPlain(target)) {
            return false;
        }
        try {
            URI _ = new URI("http://host" + target);
            return false;
        } catch (URISyntaxException _) {
            return true;
        }
    }

    /** Whether no URI parser thinks anything of it, as of nearly all. */
    private static boolean isPlain(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            boolean isLetterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
            if (!isLetterOrDigit && PLAIN.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    static Publisher<Void> refuse(HttpServerRequest request, HttpServerResponse response) {
        String requestId = UUID.randomUUID().toString().replace("-", "");
        byte[] body = ProblemWriter.bytes(
                ProblemException.ofField(
                        ProblemType.INVALID_PATH,
                        "path",
                        "Write %-escapes with two hexadecimal digits, and all that RFC 3986 does not know as %-escapes."),
                requestId);
        response.status(STATUS)
                .header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(body.length))
                .header(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
                .header(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .header("X-Request-Id", requestId);
        SecurityHeadersFilter.HEADERS.forEach(response::header);
        return request.method().equals(HttpMethod.HEAD) ? response.send() : response.sendByteArray(Mono.just(body));
    }
}
