package dev.sluice.metrics.otlp;

import dev.sluice.metrics.collector.Collector;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collector. Spans are for people who look for a fault, so one that does not answer costs no more than some patience: what it does not take
 * is dropped and counted. Thread-safe; blocks.
 */
final class OtlpCollector {

    private static final Logger LOG = LoggerFactory.getLogger(OtlpCollector.class);

    private final Collector collector;
    private final Counter sent;
    private final Counter dropped;

    OtlpCollector(URI url, Map<String, String> headers, Duration timeout, MeterRegistry meters) {
        this.collector = new Collector(url, "application/json", headers, timeout);
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
            collector.post(request);
            sent.increment(spans);
        } catch (RuntimeException e) {
            dropped.increment(spans);
            LOG.warn("{} spans were not taken by the collector: {}", spans, e.getMessage());
        }
    }
}
