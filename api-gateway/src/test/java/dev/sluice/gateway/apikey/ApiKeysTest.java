package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.fleet.Fleet;
import dev.sluice.gateway.fleet.Fleets;
import dev.sluice.gateway.tenant.TenantTable;
import dev.sluice.gateway.tenant.TenantTables;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.Randomness;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.ApiKey;
import dev.sluice.record.Tenant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

    private static final String OLD = "KeyThatIsRolled0";
    private static final String BOOTSTRAP = "BootstrapAdmin00";
    private static final Instant EXPIRY = Instant.parse("2026-01-10T00:00:00Z");

    private final FakeClock clock = FakeClock.fixed();
    private final RacingLogTable log = new RacingLogTable();
    private final FakeLogTable<Tenant> tenants = FakeLogTable.unread();
    private final ApiKeyTable table = ApiKeyTables.seeded(log);
    private final TenantTable owners = TenantTables.over(tenants, clock);
    private final Fleet fleet = Fleets.alone();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KeyPropagation propagation = new KeyPropagation(fleet, System::nanoTime, meters);
    private final ApiKeys keys = new ApiKeys(table, owners, propagation, clock, Randomness.seeded(), BOOTSTRAP);

    @BeforeEach
    void load() {
        log.load();
        tenants.load();
        table.onApplied(offset -> fleet.applied(ApiKeyTable.NAME, offset));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void measuresHowLongAChangeTakesToBeInForce() {
        put(TestKeys.key(OLD, EXPIRY));
        Change<ApiKey> revoked = keys.revoke(OLD).blockOptional().orElseThrow();
        assertThat(revoked.inForce()).succeedsWithin(Duration.ofSeconds(10)).satisfies(end -> {
            assertThat(end.complete()).isTrue();
            assertThat(end.gateways()).isEqualTo(1);
            assertThat(end.applied()).isEqualTo(1);
            assertThat(end.missing()).isEmpty();
        });
        assertThat(meters.get("sluice.apikeys.propagation").timer().count()).isEqualTo(1);
        assertThat(keys.revoke(OLD).blockOptional().orElseThrow().inForce())
                .succeedsWithin(Duration.ofSeconds(10))
                .matches(Propagation::complete);
        assertThat(meters.get("sluice.apikeys.propagation").timer().count())
                .as("nothing was changed")
                .isEqualTo(1);
    }

    @Test
    void saysWhichGatewayHasNotConfirmed() {
        put(TestKeys.key(OLD, EXPIRY));
        Fleets.hear(fleet, "slow", Map.of());
        Change<ApiKey> revoked = keys.revoke(OLD).blockOptional().orElseThrow();
        assertThat(revoked.inForce()).succeedsWithin(Duration.ofSeconds(10)).satisfies(end -> {
            assertThat(end.complete()).isFalse();
            assertThat(end.gateways()).isEqualTo(2);
            assertThat(end.applied()).isEqualTo(1);
            assertThat(end.missing()).containsExactly("slow");
        });
        assertThat(meters.get("sluice.apikeys.propagation.incomplete").counter().count())
                .isEqualTo(1);
    }

    @Test
    void changesAKeyAndWritesNothingWhenNothingChanges() {
        put(TestKeys.key(OLD, EXPIRY));
        long version = log.findVersioned(OLD).orElseThrow().version();
        assertThat(keys.patch(OLD, patch("{\"name\":\"ci\"}"))
                        .map(Change::subject)
                        .block())
                .isEqualTo(stored(OLD));
        assertThat(log.findVersioned(OLD).orElseThrow().version()).isEqualTo(version);
        keys.patch(OLD, patch("{\"name\":\"build\"}")).block();
        assertThat(stored(OLD).getName()).isEqualTo("build");
    }

    @Test
    void tellsOfAKeyInUseOnceAMinute() {
        NewKey key = created(null);
        List<Long> minutes = new ArrayList<>();
        table.onUse((id, minute) -> minutes.add(minute));
        for (int second = 0; second < 150; second++) {
            assertWorks(key, true);
            clock.advance(Duration.ofSeconds(1));
        }
        long first = KeyUses.minuteOf(clock.instant()) - 2;
        assertThat(minutes).containsExactly(first, first + 1, first + 2);
        keys.revoke(key.key().getId()).block();
        clock.advance(Duration.ofMinutes(1));
        assertWorks(key, false);
        assertThat(minutes).as("a refused key is not in use").hasSize(3);
    }

    @Test
    void refusesToChangeWhatIsRevoked() {
        put(TestKeys.key(OLD, EXPIRY));
        keys.revoke(OLD).block();
        assertRefused(ProblemType.CONFLICT, () -> keys.patch(OLD, patch("{}")));
        assertRefused(ProblemType.NOT_FOUND, () -> keys.patch("Nobody", patch("{}")));
    }

    @Test
    void bothKeysWorkUntilTheOverlapEnds() {
        NewKey first = created(null);
        NewKey second = rolled(first.key().getId(), "PT1H");
        assertThat(second.key().getTenant()).isEqualTo("acme");
        assertThat(second.key().getScopes()).isEqualTo(first.key().getScopes());
        assertThat(second.predecessor())
                .isEqualTo(new NewKey.Predecessor(
                        first.key().getId(), clock.instant().plus(Duration.ofHours(1))));
        assertThat(stored(first.key().getId()).getRolledTo())
                .isEqualTo(second.key().getId());
        assertWorks(first, true);
        assertWorks(second, true);
        clock.advance(Duration.ofHours(1));
        assertWorks(first, false);
        assertWorks(second, true);
    }

    @Test
    void noOverlapEndsTheOldKeyAtOnce() {
        NewKey first = created(null);
        NewKey second = rolled(first.key().getId(), "PT0S");
        assertWorks(first, false);
        assertWorks(second, true);
    }

    @Test
    void theSuccessorTakesOverAllButIdAndSecret() {
        put(TestKeys.key(OLD, EXPIRY));
        NewKey made = rolled(OLD, "P30D");
        ApiKey successor = stored(made.key().getId());
        ApiKey old = stored(OLD);
        assertThat(successor.getExpiresAt()).isEqualTo(EXPIRY);
        assertThat(old.getExpiresAt()).as("never beyond its own expiry").isEqualTo(EXPIRY);
        assertThat(ApiKey.newBuilder(successor)
                        .setId(OLD)
                        .setHash(old.getHash())
                        .setCreatedAt(old.getCreatedAt())
                        .setRolledTo(made.key().getId())
                        .build())
                .isEqualTo(old);
        assertThat(made.text().reveal()).startsWith("slk_test_" + successor.getId());
    }

    @Test
    void refusesToRollWhatIsRevokedOrExpired() {
        put(TestKeys.key(OLD, clock.instant()));
        assertRefused(ProblemType.CONFLICT, () -> keys.roll(OLD, new RollKey(null)));
        put(TestKeys.key("KeyThatIsRevoked", null));
        keys.revoke("KeyThatIsRevoked").block();
        assertRefused(ProblemType.CONFLICT, () -> keys.roll("KeyThatIsRevoked", new RollKey(null)));
    }

    @Test
    void aKeyHasOneSuccessorUnlessThatOneIsRevoked() {
        NewKey first = created(null);
        NewKey lost = rolled(first.key().getId(), "PT1H");
        assertRefused(ProblemType.CONFLICT, () -> keys.roll(first.key().getId(), new RollKey(null)));
        keys.revoke(lost.key().getId()).block();
        NewKey second = rolled(first.key().getId(), "PT1H");
        assertThat(stored(first.key().getId()).getRolledTo())
                .isEqualTo(second.key().getId());
    }

    @Test
    void leavesNoSuccessorBehindWhenSomebodyElseChangedTheKey() {
        put(TestKeys.key(OLD, EXPIRY));
        log.loseRacesFor(OLD);
        assertThatThrownBy(() -> keys.roll(OLD, new RollKey(null)).block())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.CONFLICT));
        assertThat(log.entries()).extracting(Versioned::key).containsExactly(OLD);
        assertThat(stored(OLD).getRolledTo()).isNull();
    }

    @Test
    void forgetsOnlyRevokedKeys() {
        put(TestKeys.key(OLD, EXPIRY));
        assertRefused(ProblemType.CONFLICT, () -> keys.purge(OLD));
        keys.revoke(OLD).block();
        assertThat(keys.purge(OLD).block()).isNotNull();
        assertRefused(ProblemType.NOT_FOUND, () -> keys.find(OLD));
        assertThat(keys.list(Optional.empty(), "", 10)).isEmpty();
    }

    @Test
    void keepsTheRevokedKeyThatTheNextStartWouldMakeAgain() {
        put(TestKeys.key(BOOTSTRAP, null));
        keys.revoke(BOOTSTRAP).block();
        assertRefused(ProblemType.CONFLICT, () -> keys.purge(BOOTSTRAP));
        assertThat(keys.find(BOOTSTRAP)).isNotNull();
    }

    private NewKey created(@Nullable String expiresAt) {
        assertThat(owners.createIfAbsent("acme", "Acme", "free")).isCompleted();
        return keys.create(new CreateApiKey("acme", "ci", "live", List.of("cache:read"), expiresAt, null))
                .blockOptional()
                .orElseThrow()
                .subject();
    }

    private NewKey rolled(String id, String overlap) {
        return keys.roll(id, new RollKey(overlap)).blockOptional().orElseThrow().subject();
    }

    private void assertWorks(NewKey key, boolean works) {
        assertThat(table.verify(key.text(), clock.instant()) instanceof KeyVerdict.Accepted)
                .isEqualTo(works);
    }

    private static void assertRefused(ProblemType type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }

    private void put(ApiKey key) {
        assertThat(log.put(key.getId(), key)).isCompleted();
    }

    private ApiKey stored(String id) {
        return log.find(id).orElseThrow();
    }

    private static KeyPatch patch(String body) {
        return KeyPatch.read(body.getBytes(StandardCharsets.UTF_8), new StrictJson());
    }

    /** A table in which somebody else is quicker, when told so. */
    private static final class RacingLogTable extends FakeLogTable<ApiKey> {
        private @Nullable String contested;

        RacingLogTable() {
            super(/* alreadyRead= */ false);
        }

        void loseRacesFor(String key) {
            contested = key;
        }

        @Override
        public synchronized CompletableFuture<Versioned<ApiKey>> put(String key, ApiKey value, long expectedVersion) {
            if (key.equals(contested)) {
                return CompletableFuture.failedFuture(
                        new VersionConflictException(key, expectedVersion, expectedVersion + 1));
            }
            return super.put(key, value, expectedVersion);
        }
    }
}
