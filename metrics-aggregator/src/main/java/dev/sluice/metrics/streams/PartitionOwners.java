package dev.sluice.metrics.streams;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Which instance has which partition of a store, as the last rebalance left it: every partition is there.
 *
 * @param self the instance that says so
 */
public record PartitionOwners(HostInfo self, Map<Integer, HostInfo> byPartition) {
    public PartitionOwners {
        byPartition = Map.copyOf(byPartition);
    }

    static PartitionOwners of(KafkaStreams streams, HostInfo self, String store) {
        Map<Integer, HostInfo> owners = new TreeMap<>();
        OptionalInt partitions = OptionalInt.empty();
        for (int partition = 0; partitions.isEmpty() || partition < partitions.getAsInt(); partition++) {
            CountingPartitioner asked = new CountingPartitioner(partition);
            KeyQueryMetadata found = streams.queryMetadataForKey(store, "", asked);
            partitions = asked.partitions;
            if (partitions.isEmpty() || found == null || found.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
                throw new StoresNotReadyException("the windows are being assigned to instances");
            }
            owners.put(partition, found.activeHost());
        }
        return new PartitionOwners(self, owners);
    }

    /** Names a partition in place of a key's, and remembers how many there are. */
    private static final class CountingPartitioner implements StreamPartitioner<String, Object> {
        private final int partition;
        private OptionalInt partitions = OptionalInt.empty();

        CountingPartitioner(int partition) {
            this.partition = partition;
        }

        @Override
        public Optional<Set<Integer>> partitions(String topic, String key, Object value, int count) {
            partitions = OptionalInt.of(count);
            return Optional.of(Set.of(partition));
        }
    }
}
