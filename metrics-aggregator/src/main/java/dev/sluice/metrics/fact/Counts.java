package dev.sluice.metrics.fact;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Exact counts, one for each constant of an enum, whose order is that of what stores hold: it never changes, and new ones come last. A sum that
 * would overflow stays at the most. Not thread-safe.
 *
 * <p>Encoding: each count in the order of the enum, for whose number the owner's version stands.
 */
public final class Counts<E extends Enum<E>> {
    private final E[] kinds;
    private final long[] counts;

    /**
     * None of anything.
     *
     * @param kinds all constants; taken as they are, since an enum copies them each time
     */
    public Counts(E[] kinds) {
        this.kinds = kinds;
        this.counts = new long[kinds.length];
    }

    public void add(E kind, long more) {
        add(index(kind), more);
    }

    public long count(E kind) {
        return counts[index(kind)];
    }

    public void merge(Counts<E> other) {
        for (int i = 0; i < counts.length; i++) {
            add(i, other.counts[i]);
        }
    }

    public void encode(CompactWriter out) {
        for (long count : counts) {
            out.writeCount(count);
        }
    }

    /** Reads what was encoded in place of what is here. */
    public void decode(CompactReader in) {
        decode(in, counts.length);
    }

    /** The same of an older version, which had the first so many; of the others there are none. */
    public void decode(CompactReader in, int known) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = i < known ? in.readCount() : 0;
        }
    }

    /** By the names of rollups: those of the constants, in lower case. */
    public Map<String, Long> byName() {
        Map<String, Long> named = new HashMap<>();
        for (E kind : kinds) {
            named.put(kind.name().toLowerCase(Locale.ROOT), count(kind));
        }
        return named;
    }

    private void add(int index, long more) {
        long sum = counts[index] + more;
        counts[index] = sum < 0 ? Long.MAX_VALUE : sum;
    }

    @SuppressWarnings("EnumOrdinal") // The order is fixed.
    private int index(E kind) {
        return kind.ordinal();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Counts<?> that && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return Arrays.toString(counts);
    }
}
