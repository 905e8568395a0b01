package dev.sluice.metrics.topology;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.MissCause;
import dev.sluice.metrics.tally.ReadCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads by key pattern for Prometheus, which shows at a glance which pattern wastes the cache. The first ones have series of their own,
 * six each, for as long as the process runs; others share one. Whose they are is not told, so tenants whose patterns are called the same share
 * one too. Thread-safe.
 */
final class PatternCounters {
    private static final int MAX_PATTERNS = 200;
    private static final Labels OTHER = new Labels(CacheDimension.OTHER, CacheDimension.OTHER);

    private final MeterRegistry registry;
    private final Map<Labels, Series> series = new ConcurrentHashMap<>();

    private record Labels(String namespace, String pattern) {}

    private record Series(Counter hits, Map<MissCause, Counter> misses) {}

    PatternCounters(MeterRegistry registry) {
        this.registry = registry;
    }

    void counted(CacheDimension dimension, ReadCounts more) {
        Series counters = of(new Labels(dimension.namespace(), dimension.pattern()));
        counters.hits().increment((double) more.hits());
        counters.misses().forEach((cause, counter) -> counter.increment((double) more.count(cause)));
    }

    private Series of(Labels labels) {
        Series known = series.get(labels);
        if (known != null) {
            return known;
        }
        return series.computeIfAbsent(series.size() < MAX_PATTERNS ? labels : OTHER, this::newSeries);
    }

    private Series newSeries(Labels labels) {
        Map<MissCause, Counter> misses = new EnumMap<>(MissCause.class);
        for (MissCause cause : MissCause.values()) {
            misses.put(cause, counter(labels, "miss", cause.label()));
        }
        return new Series(counter(labels, "hit", "none"), misses);
    }

    private Counter counter(Labels labels, String result, String cause) {
        return Counter.builder("sluice.metrics.pattern.reads")
                .description("Cache reads counted, by key pattern, and why they missed")
                .tag("namespace", labels.namespace())
                .tag("pattern", labels.pattern())
                .tag("result", result)
                .tag("cause", cause)
                .register(registry);
    }
}
