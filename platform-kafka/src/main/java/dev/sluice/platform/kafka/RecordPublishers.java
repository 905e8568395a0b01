package dev.sluice.platform.kafka;

import dev.sluice.schemas.TopicDescriptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;

/** Makes the publishers of a process; all share one producer. Closing drains the batches, then the producer. */
public final class RecordPublishers implements AutoCloseable {
    private final RecordSender sender;
    private final PlatformKafkaProperties properties;
    private final MeterRegistry meters;
    private final List<BatchingPublisher<?, ?>> batching = new CopyOnWriteArrayList<>();

    /**
     * Publishers over a producer of raw bytes, which is made at the first record; a test may give a mock producer.
     */
    public RecordPublishers(
            Supplier<Producer<byte[], byte[]>> producers, PlatformKafkaProperties properties, MeterRegistry meters) {
        this.sender = new RecordSender(producers, properties);
        this.properties = properties;
        this.meters = meters;
        sender.start();
    }

    public <V extends SpecificRecord> RecordPublisher<V> to(TopicDescriptor<V> topic) {
        return new RecordPublisher<>(topic, properties.maxRecordBytes(), sender, meters);
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
        sender.close();
    }
}
