package dev.sluice.webhook.reading;

import java.util.Collection;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/** Hears which partitions are read; called on the reader's thread. */
public interface PartitionListener {

    /**
     * They are read from now on; called before their first records. When it fails, the reader joins anew.
     *
     * @param positions the offset from which each is read; asking may take a round trip
     */
    default void assigned(Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> positions) {}

    /** It was done with by whoever read the partition before, and is not handed over again. */
    default void passed(TopicPartition partition, long offset) {}

    /** They are read no more: what was started is to be done with soon. Called before the last commit. */
    default void revoked(Collection<TopicPartition> partitions) {}

    /** They have been somebody else's for a while. */
    default void lost(Collection<TopicPartition> partitions) {}
}
