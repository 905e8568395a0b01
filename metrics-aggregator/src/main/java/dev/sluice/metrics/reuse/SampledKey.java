package dev.sluice.metrics.reuse;

/** A key of a sample, by its hash. Not thread-safe. */
abstract class SampledKey {
    private final long hash;
    private final long position;
    private long readMillis;

    SampledKey(long hash, long readMillis) {
        this.hash = hash;
        this.position = KeySample.positionOf(hash);
        this.readMillis = readMillis;
    }

    long hash() {
        return hash;
    }

    /** Where it lies among all possible keys; the same in every sample. */
    long position() {
        return position;
    }

    /** When it was read last, in milliseconds since 1970. */
    long readMillis() {
        return readMillis;
    }

    void readAt(long millis) {
        readMillis = Math.max(readMillis, millis);
    }
}
