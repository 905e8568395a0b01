package dev.sluice.metrics.reuse;

import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Ladder;
import dev.sluice.metrics.ladder.LadderTask;
import dev.sluice.metrics.ladder.LadderWriter;
import dev.sluice.metrics.topology.NameBudget;
import dev.sluice.record.CacheReadBatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Adds what reads say about other sizes and TTLs to the windows of their namespace. The sums are in stores with every read, so a crash neither loses nor repeats any. The keys of
 * the samples are in memory and stored every half minute: after a crash some were read more often than is remembered, which makes a few distances larger than they were and counts nothing twice.
 */
final class ReuseProcessor implements Processor<byte[], CacheReadBatch, Void, Void> {
    static final Duration STORE_INTERVAL = Duration.ofSeconds(30);
    private static final Duration FORGET_INTERVAL = Duration.ofHours(1);

    /** Leaves room for the partition in the name of a dimension. */
    private static final int MAX_NAME_LENGTH = 500;

    private static final char SEPARATOR = '\u0000';

    private final Ladder<ReuseTally> ladder;
    private final String samplesStore;
    private final NameBudget budget;
    private final ReuseSamples samples = new ReuseSamples();
    private @Nullable ProcessorContext<Void, Void> context;
    private @Nullable LadderTask<ReuseTally> task;
    private long forgottenMillis;

    ReuseProcessor(Ladder<ReuseTally> ladder, String samplesStore, NameBudget budget) {
        this.ladder = ladder;
        this.samplesStore = samplesStore;
        this.budget = budget;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        LadderWriter<ReuseTally> windows =
                new LadderWriter<>(ladder, context::getStateStore, (level, key, start, tally) -> {});
        Map<String, Map<String, Long>> known = new HashMap<>();
        windows.resume((key, start) -> {
            NamedDimension found = NamedDimension.ofStoreKey(key);
            known.computeIfAbsent(found.tenant(), tenant -> new HashMap<>())
                    .merge(ReuseNames.namespaceOf(found.name()), start, Math::max);
        });
        known.forEach(budget::resume);
        resumeSamples(context.getStateStore(samplesStore));
        this.task = LadderTask.start(windows, context);
        context.schedule(STORE_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> storeSamples());
    }

    private void resumeSamples(KeyValueStore<String, byte[]> store) {
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> next = all.next();
                samples.resume(next.key, NamespaceSample.decode(next.value));
            }
        } catch (MalformedBytesException e) {
            throw new SerializationException("A stored sample " + e.getMessage(), e);
        }
    }

    @Override
    public void process(Record<byte[], CacheReadBatch> record) {
        long streamMillis = task().advance();
        CacheReadBatch batch = record.value();
        // Who counts the reads refuses what is impossible; once is enough.
        if (batch == null || !isName(batch.getTenant()) || !isName(batch.getNamespace())) {
            return;
        }
        long windowStart = ladder.finest().startOf(record.timestamp());
        if (ladder.isLate(windowStart, streamMillis)) {
            return;
        }
        String tenant = batch.getTenant();
        boolean isKept = budget.admits(tenant, batch.getNamespace(), streamMillis);
        NamespaceSample sample = isKept && !isLong(batch.getNode())
                ? samples.find(
                        tenant + SEPARATOR + batch.getNamespace(), batch.getNode(), record.timestamp(), store()::delete)
                : null;
        String name =
                ReuseNames.of(context().taskId().partition(), isKept ? batch.getNamespace() : NamedDimension.OTHER);
        task().windows().count(new NamedDimension(tenant, name).storeKey(), windowStart, tally -> {
            if (sample == null) {
                tally.leaveOut(batch.getEntries().size());
            } else {
                sample.read(batch.getNode(), batch.getEntries(), record.timestamp(), tally);
                sample.describeTo(tally);
            }
        });
    }

    private void storeSamples() {
        long streamMillis = context().currentStreamTimeMs();
        if (streamMillis - forgottenMillis >= FORGET_INTERVAL.toMillis()) {
            forgottenMillis = streamMillis;
            samples.forget(streamMillis);
        }
        samples.drainChanged(store()::put);
    }

    private static boolean isName(@Nullable String name) {
        return name != null && !name.isEmpty() && !isLong(name) && name.indexOf(SEPARATOR) < 0;
    }

    /** A sample is one record of the log, with the names of its nodes. */
    private static boolean isLong(String name) {
        return name.length() > MAX_NAME_LENGTH;
    }

    private KeyValueStore<String, byte[]> store() {
        return context().getStateStore(samplesStore);
    }

    private ProcessorContext<Void, Void> context() {
        if (context == null) {
            throw new IllegalStateException("used before init");
        }
        return context;
    }

    private LadderTask<ReuseTally> task() {
        if (task == null) {
            throw new IllegalStateException("used before init");
        }
        return task;
    }
}
