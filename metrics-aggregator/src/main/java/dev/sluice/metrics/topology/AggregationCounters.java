package dev.sluice.metrics.topology;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.ReadCounts;
import dev.sluice.metrics.tally.ReadOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What this process has counted since it started, for Prometheus; labels are bounded. A transaction that is aborted and
 * processed again counts here twice; the exact counts are those of the stores.
 */
public final class AggregationCounters {
    private static final ReadOutcome[] OUTCOMES = ReadOutcome.values();

    private final Counter[] reads = new Counter[OUTCOMES.length];
    private final PatternCounters patterns;
    private final Counter bytes;
    private final Counter lateReads;
    private final MeterRegistry registry;
    private final Counter overflowedReads;
    private final Counter clampedTimestamps;
    private final Counter undecodable;
    private final Counter refused;
    private final Counter rollups;
    private final Counter requests;

    public AggregationCounters(MeterRegistry registry) {
        this.registry = registry;
        this.patterns = new PatternCounters(registry);
        for (int i = 0; i < OUTCOMES.length; i++) {
            reads[i] = Counter.builder("sluice.metrics.cache.reads")
                    .description("Cache reads counted, by outcome")
                    .tag("outcome", OUTCOMES[i].label())
                    .register(registry);
        }
        bytes = counter(registry, "sluice.metrics.cache.read.bytes", "Bytes of the values that cache reads returned");
        lateReads = counter(registry, "sluice.metrics.late.reads", "Reads dropped because their window was closed");
        overflowedReads = counter(
                registry,
                "sluice.metrics.overflowed.reads",
                "Reads counted as __other__, their tenant having too many patterns");
        clampedTimestamps =
                counter(registry, "sluice.metrics.clamped.timestamps", "Records whose time was not believable");
        undecodable = poison(registry, "undecodable");
        refused = poison(registry, "refused");
        rollups = counter(registry, "sluice.metrics.rollups", "Rollups emitted");
        requests = counter(registry, "sluice.metrics.requests", "Requests counted as usage");
    }

    void counted(CacheDimension dimension, ReadCounts more) {
        patterns.counted(dimension, more);
        for (int i = 0; i < OUTCOMES.length; i++) {
            increment(reads[i], more.count(OUTCOMES[i]));
        }
        increment(bytes, more.bytes());
    }

    /** Most counts of a batch are 0, and adding that costs as much as any number. */
    static void increment(Counter counter, long more) {
        if (more != 0) {
            counter.increment((double) more);
        }
    }

    public void countedRequests(long count) {
        requests.increment((double) count);
    }

    void lateReads(long count) {
        lateReads.increment((double) count);
    }

    void overflowedReads(long count) {
        overflowedReads.increment((double) count);
    }

    void clampedTimestamp() {
        clampedTimestamps.increment();
    }

    void undecodableRecord() {
        undecodable.increment();
    }

    void refusedRecord() {
        refused.increment();
    }

    /**
     * So many facts came too late.
     *
     * @param tally the name of a ladder
     */
    public void lateFacts(String tally, long count) {
        Counter.builder("sluice.metrics.late.facts")
                .description("Facts left out, no window having room for their time")
                .tag("tally", tally)
                .register(registry)
                .increment((double) count);
    }

    public void rollup() {
        rollups.increment();
    }

    private static Counter poison(MeterRegistry registry, String reason) {
        return Counter.builder("sluice.metrics.poison.records")
                .description("Records set aside on the poison topic")
                .tag("reason", reason)
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
