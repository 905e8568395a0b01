package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.tenant.TenantTables;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.ApiKey;
import dev.sluice.record.ApiKeyStatus;
import dev.sluice.record.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BootstrapAdminTest {

    private final RandomGenerator random = Randomness.seeded();
    private final FakeClock clock = FakeClock.fixed();
    private final FakeLogTable<ApiKey> log = FakeLogTable.unread();
    private final FakeLogTable<Tenant> tenants = FakeLogTable.unread();
    private final ApiKeyTable keys = new ApiKeyTable(log);
    private final ApiKeyText admin = ApiKeyText.generate("live", random);
    private final ApiKeyText stranger = ApiKeyText.generate("live", random);
    private final BootstrapAdmin bootstrap = bootstrap(admin.reveal());

    @AfterEach
    void close() {
        bootstrap.destroy();
    }

    @Test
    void writesTheKeyAndItsTenantOnceBothTablesAreThere() {
        bootstrap.afterPropertiesSet();
        log.load();
        assertThat(log.entries()).isEmpty();
        tenants.load();
        assertThat(tenants.find("sluice")).isPresent();
        assertThat(log.find(admin.id())).hasValueSatisfying(key -> {
            assertThat(key.getTenant()).isEqualTo("sluice");
            assertThat(key.getScopes()).isEqualTo(List.of(Scopes.ADMIN));
        });
    }

    @Test
    void callsNoKeyWrongBeforeTheFirstOneIsWritten() {
        bootstrap.afterPropertiesSet();
        log.load();
        assertThat(verdict(admin)).isInstanceOf(KeyVerdict.Loading.class);
        assertThat(verdict(stranger)).isInstanceOf(KeyVerdict.Loading.class);
        tenants.load();
        assertThat(verdict(admin)).isInstanceOf(KeyVerdict.Accepted.class);
        assertThat(verdict(stranger)).isInstanceOf(KeyVerdict.Refused.class);
    }

    @Test
    void triesAgainUntilTheLogTakesTheKey() {
        tenants.failNextWrites(1);
        log.failNextWrites(1);
        log.load();
        tenants.load();
        bootstrap.afterPropertiesSet();
        assertThat(verdict(stranger)).isInstanceOf(KeyVerdict.Loading.class);
        await().untilAsserted(() -> assertThat(verdict(admin)).isInstanceOf(KeyVerdict.Accepted.class));
    }

    @Test
    void leavesAKeyAsItIsThatWasRevoked() {
        log.load();
        tenants.load();
        bootstrap.afterPropertiesSet();
        ApiKey revoked = ApiKey.newBuilder(log.find(admin.id()).orElseThrow())
                .setStatus(ApiKeyStatus.REVOKED)
                .build();
        assertThat(log.put(admin.id(), revoked)).isCompleted();
        bootstrap(admin.reveal()).afterPropertiesSet();
        assertThat(verdict(admin)).isInstanceOf(KeyVerdict.Refused.class);
    }

    @Test
    void waitsForNothingWhenThereIsNoKeyToMake() {
        bootstrap("").afterPropertiesSet();
        log.load();
        assertThat(verdict(stranger)).isInstanceOf(KeyVerdict.Refused.class);
    }

    private BootstrapAdmin bootstrap(String key) {
        return new BootstrapAdmin(
                new ApiKeyProperties(key, Duration.ofSeconds(10)), keys, TenantTables.over(tenants, clock), clock);
    }

    private KeyVerdict verdict(ApiKeyText key) {
        return keys.verify(key, clock.instant());
    }
}
