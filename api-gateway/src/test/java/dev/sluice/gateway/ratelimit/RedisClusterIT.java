package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Two gateways hold limits on a Redis Cluster, over a client that is set up by its properties as in production. */
class RedisClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int GATEWAYS = 2;
    private static final IsolatedRedisCluster CLUSTER = LocalRedis.sharedCluster();

    private static final RedisClients CLIENTS =
            RedisClients.configured("spring.data.redis.cluster.nodes=" + CLUSTER.nodes());
    private static final List<TestGateway> RUNNING = new ArrayList<>();

    @BeforeAll
    static void start() {
        for (int i = 0; i < GATEWAYS; i++) {
            TestGateway gateway = TestGateway.of(
                    CLIENTS.limits(),
                    () -> GATEWAYS,
                    // Longer than in production, so that a slow machine is not a lost Redis.
                    Waits.of(Duration.ofMillis(500)),
                    LeaseDesk.monotonicMicros(),
                    InstantSource.system());
            CLIENTS.onLoss(gateway.watch()::connectionBroke);
            gateway.watch().start(Duration.ofMillis(50));
            RUNNING.add(gateway);
        }
        awaitAllDecide();
    }

    @AfterAll
    static void stop() {
        RUNNING.forEach(gateway -> gateway.watch().close());
        CLIENTS.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 2_000})
    void admitsExactlyTheLimitOfTenantsOnEachMaster(int quota) {
        double alone = decidedAlone();
        for (IsolatedRedis master : CLUSTER.masters()) {
            assertThat(admitted(newTenant(master), quota, quota * 3 / 2)).isEqualTo(quota);
        }
        assertThat(decidedAlone()).isEqualTo(alone);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 2_000})
    void goesOnWhereTheCountsOfATenantAreMovedToAnotherMaster(int quota) {
        double alone = decidedAlone();
        String tenant = newTenant();
        long before = admitted(tenant, quota, quota / 2);
        String key = RedisSharedLimits.keyOf(tenant);
        IsolatedRedis from = CLUSTER.masterOf(key);
        CLUSTER.moveElsewhere(key);
        assertThat(CLUSTER.masterOf(key)).isNotSameAs(from);
        assertThat(before + admitted(tenant, quota, quota)).isEqualTo(quota);
        assertThat(decidedAlone()).isEqualTo(alone);
    }

    /** It has lost its counts, and the other masters have not lost theirs. */
    @Test
    void tellsAMasterThatWasStartedAgainWhatItHadCounted() {
        IsolatedRedis master = CLUSTER.masters().getFirst();
        List<Integer> quotas = List.of(40, 2_000);
        List<String> tenants =
                Stream.generate(() -> newTenant(master)).limit(quotas.size()).toList();
        List<Long> before = new ArrayList<>();
        for (int i = 0; i < quotas.size(); i++) {
            before.add(admitted(tenants.get(i), quotas.get(i), quotas.get(i) / 2));
        }
        master.kill();
        master.start();
        CLUSTER.awaitAgreement();
        awaitAllDecide();
        for (int i = 0; i < quotas.size(); i++) {
            int quota = quotas.get(i);
            // A lease that was given back after it was last heard of counts as used.
            assertThat(before.get(i) + admitted(tenants.get(i), quota, 2 * quota))
                    .isBetween(quota * 3L / 4, (long) quota);
        }
    }

    @Test
    void claimsANoticeOfAQuotaOnce() {
        String tenant = newTenant();
        RedisQuotaClaims notices = new RedisQuotaClaims(CLIENTS.template());
        List<Boolean> claims = Stream.generate(() -> notices.claim(tenant, "notice", PATIENCE))
                .limit(2)
                .map(claim -> claim.block(PATIENCE))
                .toList();
        assertThat(claims).containsExactly(true, false);
    }

    /** No gateway stands in for any master. */
    private static void awaitAllDecide() {
        await().atMost(PATIENCE).until(() -> {
            double alone = decidedAlone();
            CLUSTER.masters().forEach(master -> admitted(newTenant(master), 10, GATEWAYS));
            return decidedAlone() == alone;
        });
    }

    private static long admitted(String tenant, int quota, int requests) {
        List<Limit> limits = List.of(Limits.of("month", new CalendarWindow(Period.MONTH, quota), Mode.ENFORCE));
        return Objects.requireNonNull(Flux.range(0, requests)
                .flatMap(
                        i -> RUNNING.get(i % GATEWAYS)
                                .limiter()
                                .decide(tenant, limits, 1)
                                .filter(decision -> decision.verdict().admits()),
                        4)
                .count()
                .block(PATIENCE));
    }

    private static double decidedAlone() {
        return RUNNING.stream()
                .mapToDouble(gateway -> gateway.count("sluice.limit.fallbacks"))
                .sum();
    }

    private static String newTenant(IsolatedRedis master) {
        return Stream.generate(RedisClusterIT::newTenant)
                .filter(tenant -> CLUSTER.masterOf(RedisSharedLimits.keyOf(tenant)) == master)
                .findFirst()
                .orElseThrow();
    }

    private static String newTenant() {
        return "tenant-" + UUID.randomUUID();
    }
}
