package dev.sluice.platform.kafka;

import dev.sluice.schemas.RecordEncoder;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.UnencodableRecordException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Publishes records to one topic without ever blocking. A future completes once all in-sync replicas have the record;
 * it completes on the producer's thread, so whoever continues there must be quick or go elsewhere. It fails with
 * {@link PublisherOverloadedException} (not taken), {@link PublishFailedException} (not confirmed in time) or
 * {@link UnencodableRecordException} (never possible). Records of one key keep the order of the calls. Thread-safe.
 */
public final class RecordPublisher<V extends SpecificRecord> {
    private final String topic;
    private final RecordEncoder<V> encoder;
    private final RecordSender sender;
    private final Counter refused;
    private final Counter failed;

    RecordPublisher(TopicDescriptor<V> topic, int maxBytes, RecordSender sender, MeterRegistry meters) {
        this.topic = topic.name();
        this.encoder = RecordEncoder.of(topic.valueType(), maxBytes);
        this.sender = sender;
        this.refused = meters.counter("sluice.kafka.publish.refused", "topic", this.topic);
        this.failed = meters.counter("sluice.kafka.publish.failed", "topic", this.topic);
    }

    public CompletableFuture<RecordMetadata> publish(String key, V value) {
        return publish(key, value, Map.of());
    }

    public CompletableFuture<RecordMetadata> publish(String key, V value, Map<String, byte[]> headers) {
        return prepare(key, value, headers).get();
    }

    /**
     * Encodes a record now; it is published each time that the result is asked. What is prepared first and then published in one go wakes the thread
     * that hands it on once, instead of for each record.
     */
    public Supplier<CompletableFuture<RecordMetadata>> prepare(String key, V value) {
        return prepare(key, value, Map.of());
    }

    private Supplier<CompletableFuture<RecordMetadata>> prepare(String key, V value, Map<String, byte[]> headers) {
        byte[] bytes;
        try {
            bytes = encoder.encode(value);
        } catch (UnencodableRecordException e) {
            failed.increment();
            return () -> CompletableFuture.failedFuture(e);
        }
        byte[] encodedKey = RecordKeys.encode(key);
        return () -> send(encodedKey, bytes, headers);
    }

    /** Publishes a record without value, which removes the key from a compacted topic. */
    public CompletableFuture<RecordMetadata> publishTombstone(String key, Map<String, byte[]> headers) {
        return send(RecordKeys.encode(key), null, headers);
    }

    private CompletableFuture<RecordMetadata> send(byte[] key, byte @Nullable [] value, Map<String, byte[]> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
        headers.forEach(record.headers()::add);
        CompletableFuture<RecordMetadata> result = sender.send(record);
        CompletableFuture<RecordMetadata> _ = result.whenComplete((metadata, failure) -> {
            if (failure instanceof PublisherOverloadedException) {
                refused.increment();
            } else if (failure != null) {
                failed.increment();
            }
        });
        return result;
    }
}
