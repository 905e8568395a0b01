package dev.sluice.gateway.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.record.Tier;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TierTableTest {

    private final FakeLogTable<Tier> log = FakeLogTable.unread();
    private final TierTable tiers = new TierTable(log, ShippedTiers.load(Instant.EPOCH));

    @Test
    void answersWithTheShippedTiersWhileItIsLoading() {
        assertThat(tiers.find("premium")).isPresent();
        assertThat(tiers.find("gold")).isEmpty();
        assertThat(tiers.all()).hasSize(5);
    }

    @Test
    void prefersWhatIsOnTheLog() {
        Tier changed = changed("free");
        assertThat(log.put("free", changed)).isCompleted();
        assertThat(tiers.find("free")).contains(changed);
        assertThat(tiers.free()).isEqualTo(changed);
        assertThat(tiers.all()).contains(changed).hasSize(5);
    }

    @Test
    void seedsOnlyWhatIsNotThereAndOnlyOnceItIsLoaded() {
        Tier changed = changed("basic");
        assertThat(log.put("basic", changed, LogTable.ABSENT)).isCompleted();
        CompletableFuture<Void> seeded = tiers.seed();
        assertThat(seeded).isNotDone();
        log.load();
        assertThat(seeded).isCompleted();
        assertThat(log.entries()).hasSize(5);
        assertThat(log.find("basic")).contains(changed);
    }

    @Test
    void isSeededAsWellWhenAnotherGatewayWasFirst() {
        FakeLogTable<Tier> behind = new FakeLogTable<>(/* alreadyRead= */ false) {
            @Override
            public Optional<Tier> find(String key) {
                return Optional.empty();
            }
        };
        Tier changed = changed("basic");
        assertThat(behind.put("basic", changed, LogTable.ABSENT)).isCompleted();
        behind.load();
        assertThat(new TierTable(behind, ShippedTiers.load(Instant.EPOCH)).seed())
                .isCompleted();
        assertThat(behind.findVersioned("basic").map(Versioned::value)).contains(changed);
    }

    @Test
    void isSeededAgainUntilEveryTierIsOnTheLog() {
        log.failNextWrites(2);
        log.load();
        TierSeeder seeder = new TierSeeder(tiers);
        seeder.start();
        await().untilAsserted(() -> assertThat(log.entries()).hasSize(5));
        seeder.stop();
        assertThat(seeder.isRunning()).isFalse();
    }

    private Tier changed(String name) {
        Tier tier = tiers.find(name).orElseThrow();
        return new Tier(name, "changed", tier.getLimits(), tier.getCosts(), tier.getUpdatedAt(), null, null);
    }
}
