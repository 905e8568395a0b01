package dev.sluice.metrics.trace;

import dev.sluice.platform.kafka.LogFollowers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hears all spans and errors. Every instance holds the same, so each answers by itself. */
@Configuration(proxyBeanMethods = false)
class TraceConfiguration {

    /** Some 30 MB. */
    private static final int MAX_SPANS = 20_000;

    private static final int MAX_SPANS_OF_TRACE = 500;
    private static final int MAX_KINDS = 1_000;

    @Bean
    TraceController traceController(LogFollowers followers, InstantSource clock, MeterRegistry meters) {
        Traces traces = new Traces(MAX_SPANS, MAX_SPANS_OF_TRACE);
        Gauge.builder("sluice.metrics.spans", traces, Traces::size)
                .description("Spans that are remembered")
                .register(meters);
        Errors errors = new Errors(MAX_KINDS);
        TraceListener listener = new TraceListener(followers, traces, errors, clock);
        return new TraceController(traces, errors, listener);
    }
}
