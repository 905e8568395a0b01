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

    /**
     * The same of whatever an instance has of a partition, be it a copy, decoded. Fails as {@link #ask}, or with
     * {@link dev.sluice.metrics.encoding.MalformedBytesException}.
     */
    <T> Mono<Copy<T>> askCopy(HostInfo host, PartitionQuestion<T> question, int partition);

    /**
     * What a copy says.
     *
     * @param lagRecords that it lacks at most
     */
    record Copy<T>(T share, long lagRecords) {}
}
