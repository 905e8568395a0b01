package dev.sluice.webhook.reading;

import java.util.Base64;
import java.util.BitSet;
import java.util.function.LongPredicate;

/**
 * How far a partition is done with: all before an offset, and some behind it. What is behind travels as the metadata of the commit, base64 of
 * one bit for each offset, so that whoever reads the partition next need not do it again.
 *
 * @param position before it all is done with
 * @param metadata which are done with from there on; empty for none
 */
record Progress(long position, String metadata) {

    /** Kafka's brokers refuse more than 4,096 bytes ({@code offset.metadata.max.bytes}). */
    private static final int MOST_BITS = 8 * 3 * (4_096 / 4);

    private static final String PREFIX = "d:";

    /** Room for the prefix. */
    private static final int BITS = MOST_BITS - 8 * 3;

    /** What is done with, of which some may stand too far behind to be told. */
    static Progress of(long position, Iterable<Long> done) {
        BitSet bits = new BitSet();
        for (long offset : done) {
            if (offset - position < BITS) {
                bits.set((int) (offset - position));
            }
        }
        return new Progress(
                position, bits.isEmpty() ? "" : PREFIX + Base64.getEncoder().encodeToString(bits.toByteArray()));
    }

    /** Which offsets are done with from the position on. What others wrote means none. */
    LongPredicate done() {
        BitSet bits = bits();
        return offset -> offset >= position && offset - position < BITS && bits.get((int) (offset - position));
    }

    private BitSet bits() {
        if (!metadata.startsWith(PREFIX)) {
            return new BitSet();
        }
        try {
            return BitSet.valueOf(Base64.getDecoder().decode(metadata.substring(PREFIX.length())));
        } catch (IllegalArgumentException _) {
            return new BitSet();
        }
    }
}
