package dev.sluice.metrics.partition;

import java.util.Map;
import java.util.Set;

/** A question to a store of which each partition has a part of the answer; the parts add up. */
public interface PartitionQuestion<T> {
    /** The store that is read. */
    String store();

    /** Whose data it is about. */
    String tenant();

    /** Where other instances take the question. */
    String path();

    /** What they have to know besides the tenant and the partitions. */
    Map<String, String> parameters();

    /**
     * What these partitions of this instance say; may take milliseconds.
     *
     * @throws dev.sluice.metrics.streams.StoresNotReadyException when this instance does not have one of them
     */
    T read(Set<Integer> partitions);

    /** What another instance has read. */
    T decode(byte[] share);

    /** Both parts; the first may be changed. */
    T plus(T left, T right);
}
