package dev.sluice.metrics.query;

import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.traffic.RouteDimension;
import dev.sluice.metrics.traffic.RouteTally;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * How a tenant's requests were answered in a range of time.
 *
 * @param tenant whose; {@link #EVERYBODY} for all tenants
 */
record RouteStatsQuestion(LadderReader<RouteTally> windows, String tenant, Instant from, Instant to)
        implements PartitionQuestion<RouteStats> {
    static final String PATH = "/internal/v1/requests/stats";

    /** No tenant is called so. */
    static final String EVERYBODY = "*";

    private static final KeyRange EVERY_KEY = new KeyRange("\u0001", "\uffff");

    static RouteStatsQuestion of(LadderReader<RouteTally> windows, PeerCall call) {
        return new RouteStatsQuestion(windows, call.tenant(), call.instant("from"), call.instant("to"));
    }

    @Override
    public String store() {
        return windows.ladder().storeOf(minutes());
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("from", from.toString(), "to", to.toString());
    }

    @Override
    public RouteStats read(Set<Integer> partitions) {
        KeyRange keys = tenant.equals(EVERYBODY) ? EVERY_KEY : RouteDimension.rangeOf(tenant);
        RouteStats stats = new RouteStats();
        for (int partition : partitions) {
            windows.read(
                    partition,
                    minutes(),
                    new Selection(keys, from, to),
                    (key, start, tally) ->
                            stats.add(RouteDimension.ofStoreKey(key).route(), tally));
        }
        return stats;
    }

    @Override
    public RouteStats decode(byte[] share) {
        return RouteStats.decode(share);
    }

    @Override
    public RouteStats plus(RouteStats left, RouteStats right) {
        return left.plus(right);
    }

    private int minutes() {
        return windows.ladder().levelOf(Level.MINUTE);
    }
}
