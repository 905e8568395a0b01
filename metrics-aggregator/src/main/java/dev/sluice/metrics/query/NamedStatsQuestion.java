package dev.sluice.metrics.query;

import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What was counted of a tenant by name in a range of time.
 *
 * @param path where other instances take the question
 * @param tenant whose; {@link #EVERYBODY} for all tenants
 */
record NamedStatsQuestion<T extends Tally<T>>(
        LadderReader<T> windows, String path, String tenant, Instant from, Instant to)
        implements PartitionQuestion<NamedStats<T>> {
    static final String REQUESTS_PATH = "/internal/v1/requests/stats";
    static final String WEBHOOKS_PATH = "/internal/v1/webhooks/stats";

    /** No tenant is called so. */
    static final String EVERYBODY = "*";

    private static final KeyRange EVERY_KEY = new KeyRange("\u0001", "\uffff");

    static <T extends Tally<T>> NamedStatsQuestion<T> of(LadderReader<T> windows, String path, PeerCall call) {
        return new NamedStatsQuestion<>(windows, path, call.tenant(), call.instant("from"), call.instant("to"));
    }

    @Override
    public String store() {
        return windows.ladder().storeOf(windows.ladder().levelOf(Level.MINUTE));
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("from", from.toString(), "to", to.toString());
    }

    @Override
    public NamedStats<T> read(Set<Integer> partitions) {
        NamedStats<T> stats = new NamedStats<>(windows.ladder().kind());
        for (int partition : partitions) {
            windows.readSum(
                    partition,
                    new Selection(keysOf(tenant), from, to),
                    (key, start, tally) ->
                            stats.add(NamedDimension.ofStoreKey(key).name(), tally));
        }
        return stats;
    }

    static KeyRange keysOf(String tenant) {
        return tenant.equals(EVERYBODY) ? EVERY_KEY : NamedDimension.rangeOf(tenant);
    }

    @Override
    public NamedStats<T> decode(byte[] share) {
        return NamedStats.decode(windows.ladder().kind(), share);
    }

    @Override
    public NamedStats<T> plus(NamedStats<T> left, NamedStats<T> right) {
        return left.plus(right);
    }
}
