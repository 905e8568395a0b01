package dev.sluice.metrics.collector;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.util.retry.Retry;

/** A place on HTTP that takes what is posted to it. It is tried some times more while it may pass, follows nowhere, and has so much time in all. Thread-safe. */
public final class Collector {

    /** After these a client should try again (OTLP specification, "Failures"). */
    private static final Set<Integer> TRANSIENT = Set.of(RefusedException.TOO_MANY, 502, 503, 504);

    private static final int TRIES_MORE = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final HttpClient client;
    private final URI url;
    private final Duration timeout;

    /** @param timeout of a post with all its tries */
    public Collector(URI url, String contentType, Map<String, String> headers, Duration timeout) {
        this.client = HttpClient.create().followRedirect(false).headers(own -> {
            headers.forEach(own::set);
            own.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        });
        this.url = url;
        this.timeout = timeout;
    }

    /**
     * Posts, and waits until it was taken.
     *
     * @throws RefusedException when it was answered otherwise than by 2xx
     * @throws RuntimeException when there was no answer in time
     */
    public void post(byte[] body) {
        try {
            client.post()
                    .uri(url)
                    .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                    .responseSingle((response, content) -> content.then(verdictOf(response)))
                    .retryWhen(Retry.backoff(TRIES_MORE, FIRST_PAUSE)
                            .filter(Collector::mayPass)
                            .onRetryExhaustedThrow((retry, last) -> last.failure()))
                    .timeout(timeout)
                    .block();
        } catch (RuntimeException e) {
            throw Exceptions.unwrap(e) instanceof RefusedException refused ? refused : e;
        }
    }

    private static Mono<Void> verdictOf(HttpClientResponse response) {
        int status = response.status().code();
        return status >= 200 && status < 300
                ? Mono.empty()
                : Mono.error(new RefusedException(
                        status, restOf(response.responseHeaders().get(HttpHeaderNames.RETRY_AFTER))));
    }

    /** As a date, which is allowed too, nobody of these sends it. */
    private static @Nullable Duration restOf(@Nullable String seconds) {
        return seconds != null && seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
    }

    /** One that names a time for the next try is not tried before. */
    private static boolean mayPass(Throwable failure) {
        return !(failure instanceof RefusedException refused)
                || (TRANSIENT.contains(refused.status()) && refused.retryAfter().isEmpty());
    }
}
