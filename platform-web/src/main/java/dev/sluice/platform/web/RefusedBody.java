package dev.sluice.platform.web;

import java.time.Duration;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;

/**
 * Lets a client finish sending what is refused, within reason. One whose connection is closed while it still sends gets
 * a reset and never reads why (RFC 9112, section 9.6).
 */
final class RefusedBody {

    /** What is larger is cut off: its sender asks for more patience than an answer is worth. */
    private static final long MOST_BYTES = 8 << 20;

    private static final Duration MOST_TIME = Duration.ofSeconds(2);

    private RefusedBody() {}

    /** Completes once the body is read and thrown away, or was found not to be worth it, or is read by somebody else. */
    static Mono<Void> readToItsEnd(ServerHttpRequest request) {
        HttpHeaders headers = request.getHeaders();
        boolean waits = headers.containsHeader(HttpHeaders.EXPECT);
        if (waits || headers.getContentLength() > MOST_BYTES) {
            return Mono.empty();
        }
        return request.getBody()
                .doOnNext(DataBufferUtils::release)
                .take(MOST_TIME)
                .then()
                .onErrorComplete();
    }
}
