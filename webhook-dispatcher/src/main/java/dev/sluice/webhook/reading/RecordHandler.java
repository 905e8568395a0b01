package dev.sluice.webhook.reading;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** What is done with the records of a topic. */
public interface RecordHandler<V> extends PartitionListener {

    /** The record is not handed over before this. {@link Instant#MIN} for at once. */
    default Instant releaseAt(ReceivedRecord<V> record) {
        return Instant.MIN;
    }

    /**
     * Called on the reader's thread, which must not be blocked; may complete on any thread. The record counts as done
     * when the stage completes. When Kafka could not be written to, the same record is handed over again after a
     * pause; when the stage fails of anything else, the record is kept as poison.
     */
    CompletionStage<?> handle(ReceivedRecord<V> record);
}
