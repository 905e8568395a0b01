package dev.sluice.metrics.alert;

import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.ladder.LadderReader;
import dev.sluice.metrics.ladder.LadderReader.Selection;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.ladder.Tally;
import dev.sluice.metrics.partition.PartitionQuestion;
import dev.sluice.metrics.partition.PeerCall;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.traffic.RouteTally;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What was counted of every tenant in a range of windows, by tenant or by what it has. */
record TenantsQuestion<T extends Tally<T>>(Source<T> of, Instant from, Instant to)
        implements PartitionQuestion<TenantTallies<T>> {

    static final String CACHE_PATH = "/internal/v1/cache/tenants";
    static final String REQUESTS_PATH = "/internal/v1/requests/tenants";
    static final String NAMESPACES_PATH = "/internal/v1/cache/tenants/namespaces";
    static final String ROUTES_PATH = "/internal/v1/requests/tenants/routes";

    /** No tenant is called so. */
    private static final String EVERYBODY = "*";

    private static final KeyRange EVERY_KEY = new KeyRange("\u0001", "\uffff");

    /**
     * What is read.
     *
     * @param path where other instances take the question
     * @param size how long its windows are
     * @param groupOf what the key of a window is counted as
     */
    record Source<T extends Tally<T>>(
            LadderReader<T> windows, String path, Duration size, UnaryOperator<String> groupOf) {

        /** By tenant and minute. */
        static <T extends Tally<T>> Source<T> ofTenants(LadderReader<T> windows, String path) {
            return new Source<>(windows, path, Level.MINUTE, TenantsQuestion::tenantOf);
        }

        /** By namespace and hour. */
        static Source<CacheTally> ofNamespaces(LadderReader<CacheTally> windows) {
            return new Source<>(windows, NAMESPACES_PATH, Level.HOUR, key -> {
                CacheDimension dimension = CacheDimension.ofStoreKey(key);
                return AnomalyFigures.keyOf(dimension.tenant(), dimension.namespace());
            });
        }

        /** By route and hour, of which the keys are. */
        static Source<RouteTally> ofRoutes(LadderReader<RouteTally> windows) {
            return new Source<>(windows, ROUTES_PATH, Level.HOUR, UnaryOperator.identity());
        }

        private int level() {
            return windows.ladder().levelOf(size);
        }
    }

    static <T extends Tally<T>> TenantsQuestion<T> of(Source<T> source, PeerCall call) {
        return new TenantsQuestion<>(source, call.instant("from"), call.instant("to"));
    }

    @Override
    public String store() {
        return of.windows().ladder().storeOf(of.level());
    }

    @Override
    public String tenant() {
        return EVERYBODY;
    }

    @Override
    public String path() {
        return of.path();
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("from", from.toString(), "to", to.toString());
    }

    @Override
    public TenantTallies<T> read(Set<Integer> partitions) {
        TenantTallies<T> tallies = new TenantTallies<>(of.windows().ladder().kind());
        for (int partition : partitions) {
            of.windows()
                    .read(
                            partition,
                            of.level(),
                            new Selection(EVERY_KEY, from, to),
                            (key, start, tally) -> tallies.add(of.groupOf().apply(key), tally));
        }
        return tallies;
    }

    @Override
    public TenantTallies<T> decode(byte[] share) {
        return TenantTallies.decode(of.windows().ladder().kind(), share);
    }

    @Override
    public TenantTallies<T> plus(TenantTallies<T> left, TenantTallies<T> right) {
        return left.plus(right);
    }

    /** Every key begins with its tenant and NUL. */
    private static String tenantOf(String key) {
        return key.substring(0, key.indexOf('\u0000'));
    }
}
