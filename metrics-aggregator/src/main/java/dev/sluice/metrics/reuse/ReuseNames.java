package dev.sluice.metrics.reuse;

/**
 * Names under which sums are stored: {@code partition/namespace}. A namespace lies on as many partitions as it has key patterns, and curves of two partitions are put
 * together in another way than by adding their sums, so these are kept apart.
 */
public final class ReuseNames {
    private ReuseNames() {}

    static String of(int partition, String namespace) {
        return partition + "/" + namespace;
    }

    /** The namespace of a name. */
    public static String namespaceOf(String name) {
        return name.substring(name.indexOf('/') + 1);
    }
}
