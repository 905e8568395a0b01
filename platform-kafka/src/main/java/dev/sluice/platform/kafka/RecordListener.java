package dev.sluice.platform.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Handles records one at a time, in the order of their partition. The offset is committed after the return. What it
 * throws makes the record come again a few times and then go to the poison topic; but a {@link PublishFailedException},
 * a {@link PublisherOverloadedException} or Kafka's own exceptions make it come again until it succeeds.
 */
@FunctionalInterface
public interface RecordListener<V> {
    /** The value is null only for a tombstone of a compacted topic. */
    void onRecord(ConsumerRecord<String, V> record) throws Exception;
}
