package dev.sluice.platform.kafka;

import dev.sluice.schemas.TopicDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the publishers of a process; all share one producer, and those that gather another. Closing drains the batches, then the
 * producers.
 */
public final class RecordPublishers implements AutoCloseable {
    private static final Duration GATHERING = Duration.ofMillis(10);

    private final RecordSender sender;
    private final Supplier<Producer<byte[], byte[]>> gatheringProducers;
    private final PlatformKafkaProperties properties;
    private final MeterRegistry meters;
    private final List<BatchingPublisher<?, ?>> batching = new CopyOnWriteArrayList<>();
    /** From the first publisher on that gathers. */
    private @Nullable RecordSender gatherer;

    /**
     * Publishers over a producer of raw bytes, which is made at the first record; a test may give a mock producer.
     */
    public RecordPublishers(
            Supplier<Producer<byte[], byte[]>> producers, PlatformKafkaProperties properties, MeterRegistry meters) {
        this(producers, producers, properties, meters);
    }

    /** The same with other producers for those that gather. */
    RecordPublishers(
            Supplier<Producer<byte[], byte[]>> producers,
            Supplier<Producer<byte[], byte[]>> gathering,
            PlatformKafkaProperties properties,
            MeterRegistry meters) {
        this.sender = new RecordSender("kafka-sender", producers, properties);
        this.gatheringProducers = gathering;
        this.properties = properties;
        this.meters = meters;
        sender.start();
    }

    public <V extends SpecificRecord> RecordPublisher<V> to(TopicDescriptor<V> topic) {
        return new RecordPublisher<>(topic, properties.maxRecordBytes(), sender, meters);
    }

    /**
     * The same for many records that nobody waits for: they gather for up to ten milliseconds, so that fewer requests carry them. They keep no order
     * with records of {@link #to} of the same topic.
     */
    public <V extends SpecificRecord> RecordPublisher<V> gathering(TopicDescriptor<V> topic) {
        return new RecordPublisher<>(topic, properties.maxRecordBytes(), gatherer(), meters);
    }

    private synchronized RecordSender gatherer() {
        RecordSender current = gatherer;
        if (current == null) {
            current = new RecordSender("kafka-gatherer", GATHERING, gatheringProducers, properties);
            current.start();
            gatherer = current;
        }
        return current;
    }

    /**
     * Gathers entries by key and gives each batch to a sink, which makes one record of it and publishes it.
     *
     * @param name names the thread and the counters
     */
    public <K, E> BatchingPublisher<K, E> batching(String name, BatchSink<K, E> sink) {
        return batching(name, sink, BatchLimits.DEFAULT);
    }

    /** The same within other bounds. */
    public <K, E> BatchingPublisher<K, E> batching(String name, BatchSink<K, E> sink, BatchLimits limits) {
        return batching(name, sink, limits, entry -> 1, batch -> {});
    }

    /** The same of entries that count as several, some of which are gathered elsewhere. */
    public <K, E> BatchingPublisher<K, E> batching(
            String name, BatchSink<K, E> sink, BatchLimits limits, ToIntFunction<E> weigher, BatchSource<K, E> source) {
        BatchingPublisher<K, E> publisher = new BatchingPublisher<>(name, sink, limits, weigher, source, meters);
        batching.add(publisher);
        publisher.start();
        return publisher;
    }

    RecordSender sender() {
        return sender;
    }

    @Override
    public void close() {
        batching.forEach(BatchingPublisher::close);
        synchronized (this) {
            if (gatherer != null) {
                gatherer.close();
            }
        }
        sender.close();
    }
}
