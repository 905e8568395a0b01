package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What was counted of a tenant by name in some hours, which need not lie next to each other.
 *
 * @param of what is read, and where other instances take the question
 * @param hours their starts
 */
record NamedHoursQuestion<T extends Tally<T>>(Source<T> of, String tenant, Collection<Instant> hours)
        implements PartitionQuestion<NamedSeries<T>> {
    /**
     * Something that is counted by the hour.
     *
     * @param keysOf the keys of a tenant
     * @param nameOf what a key is called
     */
    record Source<T extends Tally<T>>(
            LadderReader<T> windows, String path, Function<String, KeyRange> keysOf, Function<String, String> nameOf) {
        int level() {
            return windows.ladder().levelOf(Level.HOUR);
        }
    }

    static <T extends Tally<T>> NamedHoursQuestion<T> of(Source<T> source, PeerCall call) {
        List<Instant> hours = Arrays.stream(call.required("hours").split(",", -1))
                .map(Instant::parse)
                .toList();
        return new NamedHoursQuestion<>(source, call.tenant(), hours);
    }

    @Override
    public String store() {
        return of.windows().ladder().storeOf(of.level());
    }

    @Override
    public String path() {
        return of.path();
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of(
                "hours", new TreeSet<>(hours).stream().map(Instant::toString).collect(Collectors.joining(",")));
    }

    @Override
    public NamedSeries<T> read(Set<Integer> partitions) {
        NamedSeries<T> series = new NamedSeries<>(of.windows().ladder().kind());
        for (int partition : partitions) {
            for (Instant hour : new TreeSet<>(hours)) {
                Selection all = new Selection(
                        of.keysOf().apply(tenant), hour, hour.plus(Level.HOUR).minusMillis(1));
                of.windows()
                        .read(
                                partition,
                                of.level(),
                                all,
                                (key, start, tally) -> series.add(of.nameOf().apply(key), start, tally));
            }
        }
        return series;
    }

    @Override
    public NamedSeries<T> decode(byte[] share) {
        return NamedSeries.decode(of.windows().ladder().kind(), share);
    }

    @Override
    public NamedSeries<T> plus(NamedSeries<T> left, NamedSeries<T> right) {
        return left.plus(right);
    }
}
