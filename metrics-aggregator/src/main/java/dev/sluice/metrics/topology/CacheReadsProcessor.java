package dev.sluice.metrics.topology;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.WindowTally;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.Rollup;
import java.time.Duration;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;

/**
 * Adds batches of reads to the windows of their dimension and emits a rollup for each window that has closed. On a
 * partition that has gone quiet stream time stands still; there a window is also emitted by the wall clock, and once
 * more, under the same key, should a read still come for it: the newest rollup of a key is the whole truth.
 */
final class CacheReadsProcessor implements Processor<byte[], CacheReadBatch, String, Rollup> {
    /** How often closed windows are looked for. */
    static final Duration EMIT_INTERVAL = Duration.ofSeconds(5);

    /** A partition without a record for this long is quiet. */
    static final Duration QUIET = Duration.ofMinutes(1);

    private final String storeName;
    private final CacheWindows windows;
    private final AggregationCounters counters;
    private final BatchSplitter splitter;
    private final PendingWindows pending = new PendingWindows();
    private @Nullable ProcessorContext<String, Rollup> context;
    private @Nullable WindowStore<String, WindowTally> store;
    private long lastRecordMillis;

    CacheReadsProcessor(String storeName, CacheWindows windows, AggregationCounters counters) {
        this.storeName = storeName;
        this.windows = windows;
        this.counters = counters;
        this.splitter = new BatchSplitter(windows);
    }

    @Override
    public void init(ProcessorContext<String, Rollup> context) {
        this.context = context;
        this.store = context.getStateStore(storeName);
        this.lastRecordMillis = context.currentSystemTimeMs();
        rememberPendingWindows();
        context.schedule(EMIT_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::emitClosed);
    }

    @Override
    public void process(Record<byte[], CacheReadBatch> record) {
        lastRecordMillis = context().currentSystemTimeMs();
        CacheReadBatch batch = record.value();
        String key = dimensionOf(batch).storeKey();
        splitter.split(batch, record.timestamp()).forEach((windowStart, reads) -> count(windowStart, key, reads));
    }

    private void count(long windowStart, String key, CacheTally reads) {
        if (windows.isClosed(windowStart, context().currentStreamTimeMs())) {
            counters.lateReads(reads.reads());
            return;
        }
        WindowTally stored = store().fetch(key, windowStart);
        CacheTally tally = stored == null ? new CacheTally() : stored.tally();
        tally.merge(reads);
        store().put(key, WindowTally.pending(tally), windowStart);
        pending.add(windowStart, key);
        counters.counted(reads);
    }

    private void emitClosed(long nowMillis) {
        boolean quiet = nowMillis - lastRecordMillis >= QUIET.toMillis();
        long streamMillis = context().currentStreamTimeMs();
        long reached = quiet ? Math.max(streamMillis, nowMillis) : streamMillis;
        pending.drain(windowStart -> windows.isClosed(windowStart, reached), this::emit);
    }

    private void emit(long windowStart, String key) {
        WindowTally stored = store().fetch(key, windowStart);
        if (stored == null || stored.emission() == WindowTally.Emission.EMITTED) {
            return;
        }
        Rollup rollup = CacheRollups.of(CacheDimension.ofStoreKey(key), windowStart, windows.size(), stored.tally());
        context().forward(new Record<>(CacheRollups.keyOf(rollup), rollup, windowStart));
        store().put(key, stored.emitted(), windowStart);
        counters.rollup();
    }

    private void rememberPendingWindows() {
        try (KeyValueIterator<Windowed<String>, WindowTally> all = store().all()) {
            while (all.hasNext()) {
                KeyValue<Windowed<String>, WindowTally> entry = all.next();
                if (entry.value.emission() == WindowTally.Emission.PENDING) {
                    pending.add(entry.key.window().start(), entry.key.key());
                }
            }
        }
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

    private WindowStore<String, WindowTally> store() {
        if (store == null) {
            throw new IllegalStateException("used before init");
        }
        return store;
    }
}
