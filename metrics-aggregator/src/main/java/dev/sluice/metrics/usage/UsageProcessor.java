package dev.sluice.metrics.usage;

import dev.sluice.metrics.topology.AggregationCounters;
import dev.sluice.metrics.topology.RefusedRecordException;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Adds requests to the pages of their key and group. No request is ever late: what a page holds is counted, not closed. A
 * day or a limit's window that has changed is sent on within seconds, each time whole and under the same key, so that its newest
 * record is the truth. Pages that are too old to be asked for are taken out, and windows of limits from the log as well.
 */
final class UsageProcessor implements Processor<byte[], RequestBatch, String, Usage> {
    /** How often changed days are sent. */
    static final Duration SEND_INTERVAL = Duration.ofSeconds(5);

    /** How often old pages are looked for, which walks over all of them. */
    static final Duration SWEEP_INTERVAL = Duration.ofHours(1);

    private final String storeName;
    private final UsageProperties properties;
    private final UsageSplitter splitter;
    private final AggregationCounters counters;
    private final Set<String> unsent = new LinkedHashSet<>();
    private @Nullable ProcessorContext<String, Usage> context;
    private @Nullable KeyValueStore<String, UsagePage> store;

    UsageProcessor(String storeName, UsageProperties properties, UsageSplitter splitter, AggregationCounters counters) {
        this.storeName = storeName;
        this.properties = properties;
        this.splitter = splitter;
        this.counters = counters;
    }

    @Override
    public void init(ProcessorContext<String, Usage> context) {
        this.context = context;
        this.store = context.getStateStore(storeName);
        forEachPage(page -> {
            if (page.value.isUnsent()) {
                unsent.add(page.key);
            }
        });
        context.schedule(SEND_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::sendChanged);
        context.schedule(SWEEP_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    }

    @Override
    public void process(Record<byte[], RequestBatch> record) {
        RequestBatch batch = record.value();
        pagesOf(batch, record.timestamp()).forEach(this::add);
        counters.countedRequests(batch.getEntries().size());
    }

    private Map<UsageKey, UsagePage> pagesOf(@Nullable RequestBatch batch, long batchMillis) {
        if (batch == null) {
            throw new RefusedRecordException("a batch of requests has no value");
        }
        try {
            return splitter.split(batch, batchMillis, context().currentSystemTimeMs());
        } catch (IllegalArgumentException e) {
            throw new RefusedRecordException(e.getMessage() == null ? "a batch has no key" : e.getMessage());
        }
    }

    private void add(UsageKey key, UsagePage used) {
        boolean isOfLimit = key.scale().limitWindow().isPresent();
        if (isOfLimit && properties.isOver(key, Instant.ofEpochMilli(context().currentSystemTimeMs()))) {
            return;
        }
        String storeKey = key.storeKey();
        UsagePage stored = store().get(storeKey);
        UsagePage page = stored == null ? new UsagePage() : stored;
        page.merge(used);
        if (isOfLimit || key.scale() == UsageScale.DAYS) {
            page.sendLater(used);
            unsent.add(storeKey);
        }
        store().put(storeKey, page);
    }

    private void sendChanged(long nowMillis) {
        for (String storeKey : unsent) {
            UsagePage page = store().get(storeKey);
            if (page != null && page.isUnsent()) {
                send(UsageKey.ofStoreKey(storeKey), page, nowMillis);
                store().put(storeKey, page);
            }
        }
        unsent.clear();
    }

    private void send(UsageKey key, UsagePage page, long nowMillis) {
        int part = context().taskId().partition();
        for (int slot : page.takeUnsent()) {
            Usage usage = usageOf(key, slot, page.tally(slot), part, nowMillis);
            context().forward(new Record<>(UsageRecords.keyOf(usage), usage, nowMillis));
        }
    }

    private static Usage usageOf(UsageKey key, int slot, UsageTally tally, int part, long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        return key.scale()
                .limitWindow()
                .map(window -> UsageRecords.ofLimit(key, window, tally, part, now))
                .orElseGet(() -> UsageRecords.of(key, slot, tally, part, now));
    }

    /** Days stay on the log for who reads it; a window of a limit is of no use once it is over. */
    @SuppressWarnings("NullAway") // The API of Kafka Streams is not annotated; null takes a record out of a topic.
    private void takeOffLog(UsageKey key, long nowMillis) {
        if (key.scale().limitWindow().isPresent()) {
            Usage last = usageOf(key, 0, UsageTally.NONE, context().taskId().partition(), nowMillis);
            context().forward(new Record<>(UsageRecords.keyOf(last), null, nowMillis));
        }
    }

    private void sweep(long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        List<String> over = new ArrayList<>();
        forEachPage(page -> {
            if (properties.isOver(UsageKey.ofStoreKey(page.key), now)) {
                over.add(page.key);
            }
        });
        over.forEach(key -> takeOffLog(UsageKey.ofStoreKey(key), nowMillis));
        over.forEach(store()::delete);
        over.forEach(unsent::remove);
    }

    private void forEachPage(Consumer<KeyValue<String, UsagePage>> action) {
        try (KeyValueIterator<String, UsagePage> pages = store().all()) {
            pages.forEachRemaining(action);
        }
    }

    private ProcessorContext<String, Usage> context() {
        if (context == null) {
            throw new IllegalStateException("used before init");
        }
        return context;
    }

    private KeyValueStore<String, UsagePage> store() {
        if (store == null) {
            throw new IllegalStateException("used before init");
        }
        return store;
    }
}
