package dev.sluice.platform.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.support.Acknowledgment;

/**
 * Handles records one at a time and says itself when one is done, from any thread and in any order; offsets are
 * committed without gaps, and no more is read until all records of a poll are done. On the consumer's own thread,
 * {@code nack(Duration)} makes the record and those after it come again after a while.
 */
@FunctionalInterface
public interface AcknowledgingRecordListener<V> {
    /** Errors are handled as for {@link RecordListener}. */
    void onRecord(ConsumerRecord<String, V> record, Acknowledgment acknowledgment) throws Exception;
}
