package dev.sluice.cache.engine;

import dev.sluice.cache.engine.CacheCounts.ChangeCounts;
import dev.sluice.cache.engine.CacheCounts.EvictionCounts;
import dev.sluice.cache.engine.CacheCounts.LoadCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Shows what the cache counts, without a tenant, a namespace or a key: those are for the log. */
final class CacheMeters implements AutoCloseable {

    private final Optional<MeterRegistry> registry;
    private final List<Meter> own = new ArrayList<>();

    CacheMeters(Optional<MeterRegistry> registry, CacheCounts counts, FirstLevel first) {
        this.registry = registry;
        for (ReadOutcome outcome : ReadOutcome.values()) {
            counter("engine.reads", counts, each -> each.reads(outcome), "outcome", lower(outcome));
        }
        changes("put", counts.puts);
        changes("delete", counts.deletes);
        loads(counts.loads);
        counter("engine.leases", counts.leases.granted, LongAdder::sum, "result", "granted");
        counter("engine.leases", counts.leases.held, LongAdder::sum, "result", "held");
        counter("engine.leases", counts.leases.changed, LongAdder::sum, "result", "changed");
        firstLevel(counts, first);
    }

    void watch(Pressure pressure) {
        gauge("memory.used", "Part of the heap that the last collection of old objects left", pressure, Pressure::used);
        counter("first.level.resized", pressure, Pressure::shrunk, "to", "less");
        counter("first.level.resized", pressure, Pressure::grown, "to", "more");
    }

    void watch(GuardedSecondLevel second) {
        gauge("second.level.breaker", "0 closed, 1 half open, 2 open", second, level -> numberOf(level.state()));
    }

    @Override
    public void close() {
        registry.ifPresent(present -> own.forEach(present::remove));
    }

    private void changes(String operation, ChangeCounts counts) {
        change(operation, "done", counts.done);
        change(operation, "condition_failed", counts.conditionFailed);
        change(operation, "unavailable", counts.unavailable);
        change(operation, "over_quota", counts.overQuota);
        change(operation, "failed", counts.failed);
    }

    private void change(String operation, String result, LongAdder count) {
        counter("engine.changes", count, LongAdder::sum, "operation", operation, "result", result);
    }

    private void loads(LoadCounts loads) {
        counter("engine.loads", loads.succeeded, LongAdder::sum, "result", "succeeded");
        counter("engine.loads", loads.failed, LongAdder::sum, "result", "failed");
        counter("engine.loads", loads.timedOut, LongAdder::sum, "result", "timed_out");
        counter("engine.loads.coalesced", loads, LoadCounts::coalesced);
        counter("engine.loads.covered", loads.coveredByStale, LongAdder::sum);
        counter("engine.refreshes", loads.early, LongAdder::sum, "reason", "early");
        counter("engine.refreshes", loads.revalidating, LongAdder::sum, "reason", "stale");
        show(present -> FunctionTimer.builder(
                        "sluice.cache.engine.load.time",
                        loads,
                        LoadCounts::all,
                        each -> each.nanos.sum(),
                        TimeUnit.NANOSECONDS)
                .description("Time in loaders, whatever their end")
                .register(present));
    }

    private void firstLevel(CacheCounts counts, FirstLevel first) {
        gauge("first.level.bytes", "Estimated weight of the copies on this node", first, FirstLevel::weight);
        gauge("first.level.max.bytes", "Weight that the copies may have", first, FirstLevel::maxWeight);
        gauge("first.level.entries", "Copies on this node", first, FirstLevel::entries);
        evictions("size", counts.evictedForSize);
        evictions("expired", counts.expired);
        counter("first.level.purged", counts.purged, LongAdder::sum);
        counter("first.level.touched", counts.touched, LongAdder::sum);
        show(present -> FunctionCounter.builder(
                        "sluice.cache.first.level.voided.fills", counts.voidedFills, LongAdder::sum)
                .description("Values not kept because their key may have changed while they were read")
                .register(present));
    }

    private void evictions(String cause, EvictionCounts counts) {
        counter("first.level.evictions", counts, EvictionCounts::count, "cause", cause);
        counter("first.level.evicted.bytes", counts, EvictionCounts::weight, "cause", cause);
    }

    private <T> void counter(String name, T subject, ToDoubleFunction<T> value, String... tags) {
        show(present -> FunctionCounter.builder("sluice.cache." + name, subject, value)
                .tags(tags)
                .register(present));
    }

    private <T> void gauge(String name, String description, T subject, ToDoubleFunction<T> value) {
        show(present -> Gauge.builder("sluice.cache." + name, subject, value)
                .description(description)
                .register(present));
    }

    private void show(Function<MeterRegistry, Meter> meter) {
        registry.ifPresent(present -> own.add(meter.apply(present)));
    }

    private static int numberOf(Breaker.State state) {
        return switch (state) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }

    private static String lower(ReadOutcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
