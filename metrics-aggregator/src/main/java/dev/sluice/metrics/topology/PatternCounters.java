package dev.sluice.metrics.topology;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.MissCause;
import dev.sluice.metrics.tally.ReadCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads by key pattern for Prometheus, which shows at a glance which pattern wastes the cache. The first ones have series of their own,
 * six each, for as long as the process runs; others share one. Whose they are is not told, so tenants whose patterns are called the same share
 * one too. Thread-safe.
 */
final class PatternCounters {
    private static final int MAX_PATTERNS = 200;
    private static final MissCause[] CAUSES = MissCause.values();
    private static final Labels OTHER = new Labels(CacheDimension.OTHER, CacheDimension.OTHER);

    private final MeterRegistry registry;
    private final Map<Labels, Series> series = new ConcurrentHashMap<>();

    private record Labels(String namespace, String pattern) {}

    /** Misses in the order of the causes. */
    private record Series(Counter hits, List<Counter> misses) {}

    PatternCounters(MeterRegistry registry) {
        this.registry = registry;
    }

    void counted(CacheDimension dimension, ReadCounts more) {
        Series counters = of(new Labels(dimension.namespace(), dimension.pattern()));
        AggregationCounters.increment(counters.hits(), more.hits());
        for (int i = 0; i < CAUSES.length; i++) {
            AggregationCounters.increment(counters.misses().get(i), more.count(CAUSES[i]));
        }
    }

    private Series of(Labels labels) {
        Series known = series.get(labels);
        if (known != null) {
            return known;
        }
        return series.computeIfAbsent(series.size() < MAX_PATTERNS ? labels : OTHER, this::newSeries);
    }

    private Series newSeries(Labels labels) {
        List<Counter> misses = Arrays.stream(CAUSES)
                .map(cause -> counter(labels, "miss", cause.label()))
                .toList();
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
