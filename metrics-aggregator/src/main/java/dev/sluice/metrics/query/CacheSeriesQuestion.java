package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a tenant's cache in each window of a range.
 *
 * @param namespace the only one to look at; null for all
 */
record CacheSeriesQuestion(
        LadderReader<CacheTally> windows,
        String tenant,
        @Nullable String namespace,
        SeriesRange range) implements PartitionQuestion<CacheSeries> {
    static final String PATH = "/internal/v1/cache/series";

    static CacheSeriesQuestion of(LadderReader<CacheTally> windows, PeerCall call) {
        Duration interval = Duration.parse(call.required("interval"));
        SeriesRange range =
                new SeriesRange(windows.ladder().levelOf(interval), interval, call.instant("from"), call.instant("to"));
        return new CacheSeriesQuestion(windows, call.tenant(), call.optional("namespace"), range);
    }

    @Override
    public String store() {
        return windows.ladder().storeOf(range.level());
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("interval", range.interval().toString());
        parameters.put("from", range.from().toString());
        parameters.put("to", range.to().toString());
        if (namespace != null) {
            parameters.put("namespace", namespace);
        }
        return parameters;
    }

    @Override
    public CacheSeries read(Set<Integer> partitions) {
        KeyRange keys = namespace == null ? CacheDimension.rangeOf(tenant) : CacheDimension.rangeOf(tenant, namespace);
        Instant last = range.to().minusMillis(1);
        CacheSeries series = new CacheSeries();
        for (int partition : partitions) {
            windows.read(
                    partition,
                    range.level(),
                    new Selection(keys, range.from(), last),
                    (key, start, tally) -> series.add(start, tally));
        }
        return series;
    }

    @Override
    public CacheSeries decode(byte[] share) {
        return CacheSeries.decode(share);
    }

    @Override
    public CacheSeries plus(CacheSeries left, CacheSeries right) {
        return left.plus(right);
    }
}
