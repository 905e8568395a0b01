package dev.sluice.metrics.alert;

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
 * What was counted of every tenant in a range of minutes.
 *
 * @param path where other instances take it
 */
record TenantsQuestion<T extends Tally<T>>(LadderReader<T> windows, String path, Instant from, Instant to)
        implements PartitionQuestion<TenantTallies<T>> {

    static final String CACHE_PATH = "/internal/v1/cache/tenants";
    static final String REQUESTS_PATH = "/internal/v1/requests/tenants";

    /** No tenant is called so. */
    private static final String EVERYBODY = "*";

    private static final KeyRange EVERY_KEY = new KeyRange("\u0001", "\uffff");

    static <T extends Tally<T>> TenantsQuestion<T> of(LadderReader<T> windows, String path, PeerCall call) {
        return new TenantsQuestion<>(windows, path, call.instant("from"), call.instant("to"));
    }

    @Override
    public String store() {
        return windows.ladder().storeOf(minutes());
    }

    @Override
    public String tenant() {
        return EVERYBODY;
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of("from", from.toString(), "to", to.toString());
    }

    @Override
    public TenantTallies<T> read(Set<Integer> partitions) {
        TenantTallies<T> tallies = new TenantTallies<>(windows.ladder().kind());
        for (int partition : partitions) {
            windows.read(
                    partition,
                    minutes(),
                    new Selection(EVERY_KEY, from, to),
                    (key, start, tally) -> tallies.add(tenantOf(key), tally));
        }
        return tallies;
    }

    @Override
    public TenantTallies<T> decode(byte[] share) {
        return TenantTallies.decode(windows.ladder().kind(), share);
    }

    @Override
    public TenantTallies<T> plus(TenantTallies<T> left, TenantTallies<T> right) {
        return left.plus(right);
    }

    /** Every key begins with its tenant and NUL. */
    private static String tenantOf(String key) {
        return key.substring(0, key.indexOf('\u0000'));
    }

    private int minutes() {
        return windows.ladder().levelOf(Level.MINUTE);
    }
}
