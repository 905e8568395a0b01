package dev.sluice.metrics.partition;

import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import reactor.core.publisher.Mono;

/** The other instances. */
interface Peers {
    /**
     * What the owner's partitions say, encoded. Fails with {@link dev.sluice.metrics.streams.StoresNotReadyException} when it
     * cannot be reached in time or does not have them all.
     */
    Mono<byte[]> ask(HostInfo owner, PartitionQuestion<?> question, Set<Integer> partitions);
}
