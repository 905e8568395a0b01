package dev.sluice.platform.kafka;

import dev.sluice.platform.kafka.TableState.Outcome;
import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.UndecodableRecordException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link LogTable} of a topic in Kafka. Survives Kafka being away and records that cannot be read. */
final class KafkaLogTable<V extends SpecificRecord> implements LogTable<V>, TableReader.Sink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogTable.class);

    private final TopicDescriptor<V> topic;
    private final RecordDecoder<V> decoder;
    private final RecordPublisher<V> publisher;
    private final PoisonPublisher poison;
    private final TableReader reader;
    private final Counter unreadable;
    private final Counter listenerFailures;

    private final TableState<V> state = new TableState<>();
    private final PendingWrites writes = new PendingWrites();
    private final CompletableFuture<Void> loaded = new CompletableFuture<>();
    private final Queue<LogTableListener<V>> joining = new ConcurrentLinkedQueue<>();
    private final List<LogTableListener<V>> listeners = new ArrayList<>();

    KafkaLogTable(
            TopicDescriptor<V> topic,
            int maxBytes,
            KafkaClients clients,
            LogEnds ends,
            TopicProvisioner provisioner,
            RecordPublisher<V> publisher,
            PoisonPublisher poison,
            MeterRegistry meters) {
        this.topic = topic;
        this.decoder = RecordDecoder.of(topic.valueType(), maxBytes);
        this.publisher = publisher;
        this.poison = poison;
        this.reader = new TableReader(clients, ends, topic.name(), new LogStart.Beginning(), provisioner.ready(), this);
        this.unreadable = meters.counter("sluice.kafka.table.unreadable", "topic", topic.name());
        this.listenerFailures = meters.counter("sluice.kafka.table.listener.failures", "topic", topic.name());
    }

    void start() {
        reader.start();
    }

    @Override
    public Optional<V> find(String key) {
        return state.find(key).map(Versioned::value);
    }

    @Override
    public Optional<Versioned<V>> findVersioned(String key) {
        return state.find(key);
    }

    @Override
    public Collection<Versioned<V>> entries() {
        return state.entries();
    }

    @Override
    public boolean ready() {
        return loaded.isDone();
    }

    @Override
    public CompletableFuture<Void> whenReady() {
        return loaded.copy();
    }

    @Override
    public Duration staleness() {
        return reader.staleness();
    }

    @Override
    public void onChange(LogTableListener<V> listener) {
        joining.add(listener);
        reader.wakeUp();
    }

    @Override
    public CompletableFuture<Versioned<V>> put(String key, V value) {
        return write(key, value, null).thenApply(version -> new Versioned<>(key, value, version));
    }

    @Override
    public CompletableFuture<?> post(String key, V value) {
        return publisher.publish(key, value);
    }

    @Override
    public CompletableFuture<Versioned<V>> put(String key, V value, long expectedVersion) {
        return expecting(key, expectedVersion)
                .thenCompose(fits -> write(key, value, expectedVersion))
                .thenApply(version -> new Versioned<>(key, value, version));
    }

    @Override
    public CompletableFuture<Void> remove(String key) {
        return write(key, null, null).thenApply(version -> null);
    }

    @Override
    public CompletableFuture<Void> remove(String key, long expectedVersion) {
        return expecting(key, expectedVersion)
                .thenCompose(fits -> write(key, null, expectedVersion))
                .thenApply(version -> null);
    }

    @Override
    public void close() {
        reader.close();
    }

    /** Refuses early what cannot succeed; reads to the end first when this table may merely be behind. */
    private CompletableFuture<Void> expecting(String key, long expected) {
        long current = state.versionOf(key);
        if (current == expected) {
            return CompletableFuture.completedFuture(null);
        }
        // What is there may have been removed meanwhile; what is newer stays newer.
        if (current > expected && expected != ABSENT) {
            return CompletableFuture.failedFuture(new VersionConflictException(key, expected, current));
        }
        return PendingWrites.bounded(
                        reader.refresh(), PendingWrites.READ_BACK_TIMEOUT, "the end of the log cannot be read")
                .thenComposeAsync(
                        read -> {
                            long now = state.versionOf(key);
                            return now == expected
                                    ? CompletableFuture.completedFuture(null)
                                    : CompletableFuture.failedFuture(new VersionConflictException(key, expected, now));
                        },
                        Thread::startVirtualThread);
    }

    private CompletableFuture<Long> write(String key, @Nullable V value, @Nullable Long expected) {
        PendingWrites.Begun write = writes.begin(expected);
        CompletableFuture<RecordMetadata> sent = value == null
                ? publisher.publishTombstone(key, write.headers())
                : publisher.publish(key, value, write.headers());
        CompletableFuture<RecordMetadata> _ = sent.whenComplete((metadata, failure) -> {
            if (failure != null) {
                writes.fail(write, failure);
            }
        });
        return write.version();
    }

    /** What is read again changes nothing, or is newer. */
    @Override
    public void setBack() {}

    @Override
    public void idle() {
        for (LogTableListener<V> next = joining.poll(); next != null; next = joining.poll()) {
            LogTableListener<V> joined = next;
            listeners.add(joined);
            state.entries().forEach(entry -> tell(joined, entry.key(), null, entry.value()));
        }
    }

    @Override
    public void loaded() {
        LOG.info("table {} is loaded: {} entries", topic.name(), state.entries().size());
        Thread.startVirtualThread(() -> loaded.complete(null));
    }

    @Override
    public void accept(ConsumerRecord<byte[], byte[]> record) {
        String key;
        V value;
        try {
            key = RecordKeys.decode(record.key());
            value = record.value() == null ? null : decoder.decode(record.value());
        } catch (UndecodableRecordException e) {
            setAside(record, e);
            return;
        }
        Long expected = PendingWrites.expectedVersion(record.headers());
        switch (state.apply(key, value, record.offset(), expected)) {
            case Outcome.Applied<V>(V before) -> {
                listeners.forEach(listener -> tell(listener, key, before, value));
                writes.applied(record.headers(), record.offset());
            }
            case Outcome.Ignored<V>(long newest) -> lost(key, record.headers(), expected, newest);
        }
    }

    /**
     * Our write lost a race. It is the newest record of its key, so compaction will keep it and drop the winner; the
     * winner is therefore written once more, on condition that nothing has happened to it since.
     */
    private void lost(String key, Headers headers, @Nullable Long expected, long newest) {
        if (!writes.isOurs(headers)) {
            return;
        }
        V winner = find(key).orElse(null);
        CompletableFuture<Long> again = write(key, winner, newest);
        CompletableFuture<Long> _ = again.whenComplete((version, failure) -> {
            if (failure != null && !(failure instanceof VersionConflictException)) {
                LOG.warn("the winner of a race for an entry of {} could not be written again", topic.name(), failure);
            }
        });
        long wanted = expected == null ? ABSENT : expected;
        writes.conflicted(headers, new VersionConflictException(key, wanted, state.versionOf(key)));
    }

    /** What was unreadable before this process started is counted but not copied again at every start. */
    private void setAside(ConsumerRecord<byte[], byte[]> record, UndecodableRecordException e) {
        unreadable.increment();
        if (ready()) {
            CompletableFuture<RecordMetadata> _ = poison.copy(record, "table", e);
            return;
        }
        LOG.warn("{}-{}@{} cannot be read: {}", record.topic(), record.partition(), record.offset(), e.reason());
    }

    private void tell(LogTableListener<V> listener, String key, @Nullable V before, @Nullable V after) {
        try {
            listener.onChange(key, before, after);
        } catch (RuntimeException | Error e) {
            listenerFailures.increment();
            LOG.error("a listener of table {} failed", topic.name(), e);
        }
    }
}
