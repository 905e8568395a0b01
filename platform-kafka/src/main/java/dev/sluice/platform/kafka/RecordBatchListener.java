package dev.sluice.platform.kafka;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Handles all records of a poll at once. Offsets are committed after the return. When a batch fails, its records are
 * given again one by one, so that only the one to blame is handled as for {@link RecordListener}.
 */
@FunctionalInterface
public interface RecordBatchListener<V> {
    /** At least one record; partitions are in order, one after the other. */
    void onRecords(List<ConsumerRecord<String, V>> records) throws Exception;
}
