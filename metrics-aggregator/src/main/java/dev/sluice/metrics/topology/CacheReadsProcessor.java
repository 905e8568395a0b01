package dev.sluice.metrics.topology;

import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderTask;
import dev.sluice.metrics.ladder.LadderWriter;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadCounts;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.Rollup;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Adds batches of reads to the windows of their dimension and emits a rollup for each window of a minute or longer that has
 * closed. On a partition that has gone quiet stream time stands still; there a window is also emitted by the wall clock, and once
 * more, under the same key, should a read still come for it: the newest rollup of a key is the whole truth.
 */
final class CacheReadsProcessor implements Processor<byte[], CacheReadBatch, String, Rollup> {
    private final Ladder<CacheTally> ladder;
    private final DimensionBudget budget;
    private final AggregationCounters counters;
    private final BatchSplitter splitter;
    private @Nullable ProcessorContext<String, Rollup> context;
    private @Nullable LadderTask<CacheTally> task;

    CacheReadsProcessor(Ladder<CacheTally> ladder, NameBudget budget, AggregationCounters counters) {
        this.ladder = ladder;
        this.budget = new DimensionBudget(budget);
        this.counters = counters;
        this.splitter = new BatchSplitter(ladder.finest());
    }

    @Override
    public void init(ProcessorContext<String, Rollup> context) {
        this.context = context;
        LadderWriter<CacheTally> windows = new LadderWriter<>(ladder, context::getStateStore, this::emit);
        windows.resume(budget::found);
        budget.resume();
        this.task = LadderTask.start(windows, context);
    }

    @Override
    public void process(Record<byte[], CacheReadBatch> record) {
        long streamMillis = task().advance();
        CacheReadBatch batch = record.value();
        CacheDimension dimension = dimensionOf(batch);
        splitter.split(batch, record.timestamp())
                .forEach((windowStart, reads) -> count(dimension, windowStart, reads, streamMillis));
    }

    private void count(CacheDimension dimension, long windowStart, List<CacheRead> reads, long streamMillis) {
        if (ladder.isLate(windowStart, streamMillis)) {
            counters.lateReads(reads.size());
            return;
        }
        CacheDimension counted = budget.admit(dimension, streamMillis);
        if (!counted.equals(dimension)) {
            counters.overflowedReads(reads.size());
        }
        task().windows().count(counted.storeKey(), windowStart, tally -> {
            ReadCounts before = tally.counts();
            tally.add(reads);
            counters.counted(counted, tally.counts().since(before));
        });
    }

    /** Windows of ten seconds would be the most records by far, of which nobody needs more than the answers to queries. */
    private void emit(Level level, String key, long windowStart, CacheTally tally) {
        if (level.size().compareTo(Level.MINUTE) < 0) {
            return;
        }
        Rollup rollup = CacheRollups.of(CacheDimension.ofStoreKey(key), windowStart, level.size(), tally);
        context().forward(new Record<>(RollupKeys.of(rollup), rollup, windowStart));
        counters.rollup();
    }

    private static CacheDimension dimensionOf(@Nullable CacheReadBatch batch) {
        if (batch == null) {
            throw new RefusedRecordException("a batch of reads has no value");
        }
        try {
            return new CacheDimension(batch.getTenant(), batch.getNamespace(), batch.getPattern());
        } catch (IllegalArgumentException e) {
            throw new RefusedRecordException(e.getMessage() == null ? "a batch has no dimension" : e.getMessage());
        }
    }

    private ProcessorContext<String, Rollup> context() {
        if (context == null) {
            throw new IllegalStateException("used before init");
        }
        return context;
    }

    private LadderTask<CacheTally> task() {
        if (task == null) {
            throw new IllegalStateException("used before init");
        }
        return task;
    }
}
