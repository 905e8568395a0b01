package dev.sluice.webhook.reading;

import java.util.Collection;
import org.apache.kafka.common.TopicPartition;

/** Hears which partitions are read; called on the reader's thread. */
public interface PartitionListener {

    /** They are read from now on; called before their first records. When it fails, the reader joins anew. */
    default void assigned(Collection<TopicPartition> partitions) {}

    /** They are read no more; called when what was started is done with, or will not be. */
    default void revoked(Collection<TopicPartition> partitions) {}
}
