package dev.sluice.gateway.tier;

import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.record.Tier;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Tables of tiers for tests. */
public final class TierTables {

    private TierTables() {}

    /** The shipped tiers and these, on a log in memory. */
    public static TierTable with(Tier... tiers) {
        FakeLogTable<Tier> log = FakeLogTable.unread();
        for (Tier tier : tiers) {
            CompletableFuture<?> _ = log.put(tier.getName(), tier);
        }
        log.load();
        return new TierTable(log, ShippedTiers.load(Instant.EPOCH));
    }
}
