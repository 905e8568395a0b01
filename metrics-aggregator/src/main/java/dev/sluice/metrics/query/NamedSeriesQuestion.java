package dev.sluice.metrics.query;

import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was counted of a tenant by name in each window of a range.
 *
 * @param path where other instances take the question
 * @param tenant whose; {@link NamedStatsQuestion#EVERYBODY} for all tenants
 * @param name the only one to look at; null for all
 */
record NamedSeriesQuestion<T extends Tally<T>>(
        LadderReader<T> windows,
        String path,
        String tenant,
        @Nullable String name,
        SeriesRange range) implements PartitionQuestion<NamedSeries<T>> {
    static final String EVENTS_PATH = "/internal/v1/events/series";

    static <T extends Tally<T>> NamedSeriesQuestion<T> of(LadderReader<T> windows, String path, PeerCall call) {
        Duration interval = Duration.parse(call.required("interval"));
        SeriesRange range =
                new SeriesRange(windows.ladder().levelOf(interval), interval, call.instant("from"), call.instant("to"));
        return new NamedSeriesQuestion<>(windows, path, call.tenant(), call.optional("name"), range);
    }

    @Override
    public String store() {
        return windows.ladder().storeOf(range.level());
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("interval", range.interval().toString());
        parameters.put("from", range.from().toString());
        parameters.put("to", range.to().toString());
        if (name != null) {
            parameters.put("name", name);
        }
        return parameters;
    }

    @Override
    public NamedSeries<T> read(Set<Integer> partitions) {
        NamedSeries<T> series = new NamedSeries<>(windows.ladder().kind());
        Selection selection = new Selection(keys(), range.from(), range.to().minusMillis(1));
        for (int partition : partitions) {
            windows.read(partition, range.level(), selection, (key, start, tally) -> {
                String found = NamedDimension.ofStoreKey(key).name();
                if (name == null || name.equals(found)) {
                    series.add(found, start, tally);
                }
            });
        }
        return series;
    }

    private KeyRange keys() {
        if (name == null || tenant.equals(NamedStatsQuestion.EVERYBODY)) {
            return NamedStatsQuestion.keysOf(tenant);
        }
        String key = new NamedDimension(tenant, name).storeKey();
        return new KeyRange(key, key);
    }

    @Override
    public NamedSeries<T> decode(byte[] share) {
        return NamedSeries.decode(windows.ladder().kind(), share);
    }

    @Override
    public NamedSeries<T> plus(NamedSeries<T> left, NamedSeries<T> right) {
        return left.plus(right);
    }
}
