package dev.sluice.metrics.fact;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderTask;
import dev.sluice.metrics.ladder.LadderWriter;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.NameBudget;
import dev.sluice.metrics.topology.RollupKeys;
import dev.sluice.record.Rollup;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Adds what records say to the windows of what it is about, and emits a rollup for each window that has closed. */
public final class FactProcessor<V, T extends Tally<T>> implements Processor<byte[], V, String, Rollup> {
    private final FactKind<V, T> kind;
    private final Ladder<T> ladder;
    private final NameBudget budget;
    private final AggregationCounters counters;
    private @Nullable ProcessorContext<String, Rollup> context;
    private @Nullable LadderTask<T> task;

    public FactProcessor(FactKind<V, T> kind, Ladder<T> ladder, NameBudget budget, AggregationCounters counters) {
        this.kind = kind;
        this.ladder = ladder;
        this.budget = budget;
        this.counters = counters;
    }

    @Override
    public void init(ProcessorContext<String, Rollup> context) {
        this.context = context;
        LadderWriter<T> windows = new LadderWriter<>(ladder, context::getStateStore, this::emit);
        Map<String, Map<String, Long>> known = new HashMap<>();
        windows.resume((key, windowStart) -> {
            NamedDimension found = NamedDimension.ofStoreKey(key);
            if (!found.isOther()) {
                known.computeIfAbsent(found.tenant(), tenant -> new HashMap<>())
                        .merge(found.name(), windowStart, Math::max);
            }
        });
        known.forEach(budget::resume);
        this.task = LadderTask.start(windows, context);
    }

    @Override
    public void process(Record<byte[], V> record) {
        long streamMillis = task().advance();
        V value = record.value();
        if (value == null) {
            kind.refuse("a record has no value");
            return;
        }
        if (kind.isEmpty(value)) {
            return;
        }
        NamedDimension asked;
        try {
            asked = NamedDimension.of(kind.tenantOf(value), kind.nameOf(value));
        } catch (IllegalArgumentException e) {
            kind.refuse("a record has no tenant: " + e.getMessage());
            return;
        }
        NamedDimension counted = admit(asked, streamMillis);
        kind.split(value, record.timestamp(), context().currentSystemTimeMs())
                .forEach((windowStart, facts) -> count(counted, windowStart, facts, streamMillis));
    }

    private NamedDimension admit(NamedDimension asked, long streamMillis) {
        boolean isKept = asked.isOther() || budget.admits(asked.tenant(), asked.name(), streamMillis);
        return isKept ? asked : asked.withoutName();
    }

    private void count(NamedDimension dimension, long windowStart, T facts, long streamMillis) {
        if (ladder.isLate(windowStart, streamMillis)) {
            counters.lateFacts(ladder.name(), kind.count(facts));
            return;
        }
        task().windows().count(dimension.storeKey(), windowStart, facts);
    }

    private void emit(Level level, String key, long windowStart, T tally) {
        kind.rollup(NamedDimension.ofStoreKey(key), windowStart, level.size(), tally)
                .ifPresent(rollup -> {
                    context().forward(new Record<>(RollupKeys.of(rollup), rollup, windowStart));
                    counters.rollup();
                });
    }

    private ProcessorContext<String, Rollup> context() {
        if (context == null) {
            throw new IllegalStateException("used before init");
        }
        return context;
    }

    private LadderTask<T> task() {
        if (task == null) {
            throw new IllegalStateException("used before init");
        }
        return task;
    }
}
