package dev.sluice.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Counts what streams tell and why they end. Thread-safe. */
final class StreamMeters {

    private final Counter events;
    private final Counter slow;
    private final Counter expired;
    private final Counter replaced;
    private final Map<CloseReason, Counter> closed;

    StreamMeters(MeterRegistry meters) {
        this.events = Counter.builder("sluice.stream.events")
                .description("Events told to the clients of streams")
                .register(meters);
        this.slow = gaps("slow_reader", meters);
        this.expired = gaps("expired", meters);
        this.replaced = gaps("replaced", meters);
        this.closed = Arrays.stream(CloseReason.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        reason -> Counter.builder("sluice.stream.closed")
                                .description("Streams that ended, by reason")
                                .tag("reason", reason.code())
                                .register(meters)));
    }

    private static Counter gaps(String reason, MeterRegistry meters) {
        return Counter.builder("sluice.stream.gaps")
                .description("Gaps that the clients of streams were told of, by reason")
                .tag("reason", reason)
                .register(meters);
    }

    void told(List<StreamItem> items) {
        for (StreamItem item : items) {
            switch (item) {
                case StreamItem.Event ignored -> events.increment();
                case StreamItem.Slow ignored -> slow.increment();
                case StreamItem.Expired ignored -> expired.increment();
                case StreamItem.Replaced ignored -> replaced.increment();
            }
        }
    }

    void closed(CloseReason reason) {
        Counter counter = closed.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}
