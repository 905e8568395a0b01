package dev.sluice.metrics.otlp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.util.retry.Retry;

/**
 * The collector. Spans are for people who look for a fault, so one that does not answer costs no more than some patience: what it does not take
 * is dropped and counted. Thread-safe; blocks.
 */
final class OtlpCollector {

    private static final Logger LOG = LoggerFactory.getLogger(OtlpCollector.class);

    /** After these a client should try again (OTLP specification, "Failures"). */
    private static final Set<Integer> TRANSIENT = Set.of(429, 502, 503, 504);

    private static final int TRIES_MORE = 3;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final HttpClient client;
    private final URI url;
    private final Duration timeout;
    private final Counter sent;
    private final Counter dropped;

    OtlpCollector(URI url, Map<String, String> headers, Duration timeout, MeterRegistry meters) {
        this.client = HttpClient.create().followRedirect(false).headers(own -> {
            headers.forEach(own::set);
            own.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
        });
        this.url = url;
        this.timeout = timeout;
        this.sent = counter(meters, "sent");
        this.dropped = counter(meters, "dropped");
    }

    private static Counter counter(MeterRegistry meters, String result) {
        return Counter.builder("sluice.metrics.otlp.spans")
                .description("Spans that were handed on to a collector, or could not be")
                .tag("result", result)
                .register(meters);
    }

    /** @param spans how many stand in the request */
    void send(byte[] request, int spans) {
        try {
            client.post()
                    .uri(url)
                    .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(request)))
                    .responseSingle((response, body) ->
                            body.then(statusOf(response.status().code())))
                    .retryWhen(Retry.backoff(TRIES_MORE, FIRST_PAUSE).filter(OtlpCollector::mayPass))
                    .timeout(timeout)
                    .block();
            sent.increment(spans);
        } catch (RuntimeException e) {
            dropped.increment(spans);
            LOG.warn("{} spans were not taken by the collector: {}", spans, e.getMessage());
        }
    }

    /** The collector said no. */
    private static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;

        RefusedException(int status) {
            super("it answered " + status);
            this.status = status;
        }
    }

    private static Mono<Void> statusOf(int status) {
        return status >= 200 && status < 300 ? Mono.empty() : Mono.error(new RefusedException(status));
    }

    private static boolean mayPass(Throwable failure) {
        return !(failure instanceof RefusedException refused) || TRANSIENT.contains(refused.status);
    }
}
