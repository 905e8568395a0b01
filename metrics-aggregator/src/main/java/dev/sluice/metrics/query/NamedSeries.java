package dev.sluice.metrics.query;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.ladder.TallyKind;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was counted of a tenant by name and window. Windows without anything are not there. Not thread-safe.
 *
 * <p>Encoding, version 1: version, number of names, of each the name and the number of windows, of each its start in milliseconds since 1970
 * and its tally.
 */
final class NamedSeries<T extends Tally<T>> {
    private static final int VERSION = 1;

    private final TallyKind<T> kind;
    private final SortedMap<String, SortedMap<Long, T>> byName = new TreeMap<>();

    NamedSeries(TallyKind<T> kind) {
        this.kind = kind;
    }

    void add(String name, long windowStart, T tally) {
        byName.computeIfAbsent(name, absent -> new TreeMap<>())
                .computeIfAbsent(windowStart, absent -> kind.empty().get())
                .merge(tally);
    }

    /** Adds what other partitions have counted; the other one stays as it is. */
    NamedSeries<T> plus(NamedSeries<T> other) {
        other.byName.forEach((name, windows) -> windows.forEach((start, tally) -> add(name, start, tally)));
        return this;
    }

    SortedMap<String, SortedMap<Long, T>> byName() {
        return Collections.unmodifiableSortedMap(byName);
    }

    byte[] encode() {
        CompactWriter out = new CompactWriter();
        out.writeByte(VERSION).writeCount(byName.size());
        byName.forEach((name, windows) -> {
            out.writeText(name).writeCount(windows.size());
            windows.forEach((start, tally) -> {
                out.writeCount(start);
                tally.encode(out);
            });
        });
        return out.toByteArray();
    }

    /** Reads what was encoded; refuses anything else. */
    static <T extends Tally<T>> NamedSeries<T> decode(TallyKind<T> kind, byte[] bytes) {
        CompactReader in = new CompactReader(bytes);
        in.expectVersion(VERSION);
        NamedSeries<T> series = new NamedSeries<>(kind);
        for (long names = in.readCount(); names > 0; names--) {
            String name = in.readText();
            for (long windows = in.readCount(); windows > 0; windows--) {
                series.add(name, in.readCount(), kind.decode().apply(in));
            }
        }
        in.expectEnd();
        return series;
    }
}
