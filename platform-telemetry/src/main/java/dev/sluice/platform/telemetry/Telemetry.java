package dev.sluice.platform.telemetry;

import dev.sluice.platform.web.TraceParent;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Publishes spans and errors. Nobody waits for it: so many may be on their way to Kafka, the others are dropped and counted.
 * Thread-safe.
 */
public final class Telemetry {

    /** As a record is small, a few hundred kilobytes while Kafka is away. */
    static final int MAX_IN_FLIGHT = 1_000;

    /** Publishes nothing. */
    public static final Telemetry NONE = new Telemetry(
            "",
            (key, span) -> CompletableFuture.completedFuture(span),
            (key, error) -> CompletableFuture.completedFuture(error),
            kind -> {});

    private final String service;
    private final Sink<Span> spans;
    private final Sink<ErrorReport> errors;

    /** How many could not be taken. */
    interface Losses {
        void dropped(String kind);
    }

    Telemetry(
            String service,
            BiFunction<String, Span, CompletableFuture<?>> spans,
            BiFunction<String, ErrorReport, CompletableFuture<?>> errors,
            Losses losses) {
        this.service = service;
        this.spans = new Sink<>(spans, () -> losses.dropped("span"));
        this.errors = new Sink<>(errors, () -> losses.dropped("error"));
    }

    /**
     * A piece of work that has ended; nothing when its trace is not kept.
     *
     * @param at the span's place in its trace
     * @param parentSpanId 16 hex digits; null when the trace begins with it
     * @param name what was done, of which there are few
     * @param attributes without secrets
     */
    public void span(
            TraceParent at,
            @Nullable String parentSpanId,
            @Nullable String tenant,
            String name,
            Instant start,
            Duration took,
            boolean failed,
            Map<String, String> attributes) {
        if (!at.isKept()) {
            return;
        }
        spans.offer(
                at.traceId(),
                () -> Span.newBuilder()
                        .setTraceId(at.traceId())
                        .setSpanId(at.spanId())
                        .setParentSpanId(parentSpanId)
                        .setTenant(tenant)
                        .setService(service)
                        .setName(name)
                        .setStartedAt(start)
                        .setDurationNanos(took.toNanos())
                        .setFailed(failed)
                        .setAttributes(attributes)
                        .build());
    }

    /** An error that nobody has foreseen. */
    void error(Failure failure, Instant at) {
        errors.offer(
                failure.fingerprint(service),
                () -> ErrorReport.newBuilder()
                        .setFingerprint(failure.fingerprint(service))
                        .setService(service)
                        .setTenant(failure.tenant())
                        .setType(failure.type())
                        .setMessage(failure.message())
                        .setRequestId(failure.requestId())
                        .setTraceId(failure.traceId())
                        .setAt(at)
                        .build());
    }

    /** Bounds what is on its way. */
    private static final class Sink<V extends SpecificRecord> {
        private final BiFunction<String, V, CompletableFuture<?>> topic;
        private final Runnable dropped;
        private final AtomicInteger inFlight = new AtomicInteger();

        Sink(BiFunction<String, V, CompletableFuture<?>> topic, Runnable dropped) {
            this.topic = topic;
            this.dropped = dropped;
        }

        void offer(String key, Supplier<V> record) {
            if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
                ended(false);
                return;
            }
            CompletableFuture<?> _ =
                    topic.apply(key, record.get()).whenComplete((done, failure) -> ended(failure == null));
        }

        private void ended(boolean published) {
            inFlight.decrementAndGet();
            if (!published) {
                dropped.run();
            }
        }
    }
}
