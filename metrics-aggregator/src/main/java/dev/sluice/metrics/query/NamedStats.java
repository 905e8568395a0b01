package dev.sluice.metrics.query;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was counted of a tenant by name over many windows, merged: in all and by name. Not thread-safe.
 *
 * <p>Encoding, version 1: version, number of names, of each the name and the tally.
 */
final class NamedStats<T extends Tally<T>> {
    private static final int VERSION = 1;

    private final TallyKind<T> kind;
    private final T total;
    private final SortedMap<String, T> byName = new TreeMap<>();

    NamedStats(TallyKind<T> kind) {
        this.kind = kind;
        this.total = kind.empty().get();
    }

    void add(String name, T tally) {
        total.merge(tally);
        byName.computeIfAbsent(name, absent -> kind.empty().get()).merge(tally);
    }

    /** Adds what other partitions have counted; the other one stays as it is. */
    NamedStats<T> plus(NamedStats<T> other) {
        other.byName.forEach(this::add);
        return this;
    }

    /** Those of one name, which need not be there. */
    NamedStats<T> only(String name) {
        NamedStats<T> one = new NamedStats<>(kind);
        T tally = byName.get(name);
        if (tally != null) {
            one.add(name, tally);
        }
        return one;
    }

    T total() {
        return total;
    }

    SortedMap<String, T> byName() {
        return Collections.unmodifiableSortedMap(byName);
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeCount(byName.size());
        byName.forEach((name, tally) -> {
            out.writeText(name);
            tally.encode(out);
        });
        return out.toByteArray();
    }

    /** Reads what was encoded; refuses anything else. */
    static <T extends Tally<T>> NamedStats<T> decode(TallyKind<T> kind, byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        NamedStats<T> stats = new NamedStats<>(kind);
        for (long names = in.readCount(); names > 0; names--) {
            stats.add(in.readText(), kind.decode().apply(in));
        }
        in.expectEnd();
        return stats;
    }
}
