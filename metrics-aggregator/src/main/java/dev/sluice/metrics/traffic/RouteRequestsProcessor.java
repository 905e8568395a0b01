package dev.sluice.metrics.traffic;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderTask;
import dev.sluice.metrics.ladder.LadderWriter;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.EventTime;
import dev.sluice.metrics.topology.NameBudget;
import dev.sluice.metrics.topology.RollupKeys;
import dev.sluice.metrics.traffic.RouteTally.Count;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Rollup;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Adds batches of requests to the windows of their route and emits a rollup for each window that has closed. What says something impossible
 * is left to who counts usage: one sets it aside, and that is enough.
 */
final class RouteRequestsProcessor implements Processor<byte[], RequestBatch, String, Rollup> {
    private final Ladder<RouteTally> ladder;
    private final NameBudget budget;
    private final AggregationCounters counters;
    private final RouteSplitter splitter;
    private @Nullable ProcessorContext<String, Rollup> context;
    private @Nullable LadderTask<RouteTally> task;

    RouteRequestsProcessor(
            Ladder<RouteTally> ladder, EventTime eventTime, int routesPerTenant, AggregationCounters counters) {
        this.ladder = ladder;
        this.budget = new NameBudget(routesPerTenant);
        this.counters = counters;
        this.splitter = new RouteSplitter(ladder.finest(), eventTime);
    }

    @Override
    public void init(ProcessorContext<String, Rollup> context) {
        this.context = context;
        LadderWriter<RouteTally> windows = new LadderWriter<>(ladder, context::getStateStore, this::emit);
        Map<String, Map<String, Long>> known = new HashMap<>();
        windows.resume((key, windowStart) -> {
            RouteDimension route = RouteDimension.ofStoreKey(key);
            if (!route.route().equals(RouteDimension.OTHER)) {
                known.computeIfAbsent(route.tenant(), tenant -> new HashMap<>())
                        .merge(route.route(), windowStart, Math::max);
            }
        });
        known.forEach(budget::resume);
        this.task = LadderTask.start(windows, context);
    }

    @Override
    public void process(Record<byte[], RequestBatch> record) {
        long streamMillis = task().advance();
        RequestBatch batch = record.value();
        if (batch == null || batch.getEntries().isEmpty()) {
            return;
        }
        Optional<RouteDimension> found = dimensionOf(batch);
        if (found.isEmpty()) {
            return;
        }
        RouteDimension asked = found.get();
        RouteDimension counted =
                budget.admits(asked.tenant(), asked.route(), streamMillis) ? asked : asked.withoutRoute();
        splitter.split(asked, batch, record.timestamp(), context().currentSystemTimeMs())
                .forEach((windowStart, requests) -> count(counted, windowStart, requests, streamMillis));
    }

    private void count(RouteDimension route, long windowStart, RouteTally requests, long streamMillis) {
        if (ladder.isLate(windowStart, streamMillis)) {
            counters.lateRequests(requests.count(Count.REQUESTS));
            return;
        }
        task().windows().count(route.storeKey(), windowStart, requests);
    }

    private void emit(Level level, String key, long windowStart, RouteTally tally) {
        Rollup rollup = RouteRollups.of(RouteDimension.ofStoreKey(key), windowStart, level.size(), tally);
        context().forward(new Record<>(RollupKeys.of(rollup), rollup, windowStart));
        counters.rollup();
    }

    /** A name that cannot be a key counts as others. */
    private static Optional<RouteDimension> dimensionOf(RequestBatch batch) {
        try {
            RouteDimension others = new RouteDimension(batch.getTenant(), RouteDimension.OTHER);
            try {
                return Optional.of(new RouteDimension(batch.getTenant(), batch.getRoute()));
            } catch (IllegalArgumentException e) {
                return Optional.of(others);
            }
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private ProcessorContext<String, Rollup> context() {
        if (context == null) {
            throw new IllegalStateException("used before init");
        }
        return context;
    }

    private LadderTask<RouteTally> task() {
        if (task == null) {
            throw new IllegalStateException("used before init");
        }
        return task;
    }
}
