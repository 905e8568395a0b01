package dev.sluice.metrics.streams;

import java.util.ArrayList;
import java.util.List;
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
 * @param copies other instances that keep a copy
 */
public record PartitionOwners(HostInfo self, Map<Integer, HostInfo> byPartition, Map<Integer, List<HostInfo>> copies) {
    public PartitionOwners {
        byPartition = Map.copyOf(byPartition);
        copies = Map.copyOf(copies);
    }

    /** Owners without copies. */
    public PartitionOwners(HostInfo self, Map<Integer, HostInfo> byPartition) {
        this(self, byPartition, Map.of());
    }

    /** Who may have what a partition counted, its owner first. */
    public List<HostInfo> candidates(int partition) {
        List<HostInfo> candidates = new ArrayList<>();
        HostInfo owner = byPartition.get(partition);
        if (owner != null) {
            candidates.add(owner);
        }
        candidates.addAll(copies.getOrDefault(partition, List.of()));
        return candidates;
    }

    static PartitionOwners of(KafkaStreams streams, HostInfo self, String store) {
        Map<Integer, HostInfo> owners = new TreeMap<>();
        Map<Integer, List<HostInfo>> copies = new TreeMap<>();
        OptionalInt partitions = OptionalInt.empty();
        for (int partition = 0; partitions.isEmpty() || partition < partitions.getAsInt(); partition++) {
            CountingPartitioner asked = new CountingPartitioner(partition);
            KeyQueryMetadata found = streams.queryMetadataForKey(store, "", asked);
            partitions = asked.partitions;
            if (partitions.isEmpty() || found == null || found.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
                throw new StoresNotReadyException("the windows are being assigned to instances");
            }
            owners.put(partition, found.activeHost());
            copies.put(partition, List.copyOf(found.standbyHosts()));
        }
        return new PartitionOwners(self, owners, copies);
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
