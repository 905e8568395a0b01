package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.WriteIntents.Intent;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Three masters that share the slots keep the contract of all, with notes of each change; and what is particular to them. */
class RedisClusterIT extends SecondLevelContract {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final IsolatedRedisCluster CLUSTER = LocalRedis.sharedCluster();
    private static final CacheSettings SETTINGS =
            CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20));

    private static LettuceConnectionFactory connections;
    private static RedisSecondLevel level;
    private static WriteIntents intents;

    private final String tenant = "tenant-" + UUID.randomUUID();

    @BeforeAll
    static void connect() {
        connections = RedisConnections.to(CLUSTER);
        level = RedisSecondLevel.withIntents(connections);
        intents = new WriteIntents(connections, SETTINGS, InstantSource.system());
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Override
    SecondLevel level() {
        return level;
    }

    @Override
    void awaitAfter(Duration time, Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(condition);
    }

    @Test
    void everyChangeOnAnyMasterIsNotedUntilItIsFulfilled() {
        List<CacheKey> keys = keys(100);
        List<Intent> made = Flux.fromIterable(keys)
                .flatMapSequential(key -> level.put(key, text("a"), LIFE, Condition.any())
                        .map(written -> new Intent(key, written.version())))
                .collectList()
                .block(PATIENCE);

        assertThat(mastersOf(keys)).isEqualTo(3);
        assertThat(noted()).containsExactlyInAnyOrderElementsOf(Objects.requireNonNull(made));
        made.forEach(intent -> assertThat(await(intents.fulfilled(intent))).isTrue());
        assertThat(noted()).isEmpty();
    }

    @Test
    void manyAtOnceAreReadFromAllMasters() {
        List<CacheKey> keys = keys(300);
        putAll(keys);
        TwoLevelCache cache = node();

        List<ReadResult> results = await(cache.getAll(keys));

        assertThat(results).hasSize(300).allMatch(result -> result.outcome() == ReadOutcome.L2_HIT);
        assertThat(results.get(7).entry().orElseThrow().value())
                .isEqualTo(text(keys.get(7).key()));
        cache.close();
    }

    @Test
    void aSweepGoesThroughAllMasters() {
        List<CacheKey> keys = keys(600);
        putAll(keys);
        RedisSweep sweep = new RedisSweep(connections, SETTINGS, InstantSource.system());
        long number = await(level.purge(new Purge(tenant, "n", List.of(PurgeScope.prefix("item-1")), false)));
        long covered =
                keys.stream().filter(key -> key.key().startsWith("item-1")).count();

        // Only what was purged up to the clock of the master that is asked is carried out.
        Awaitility.await().atMost(PATIENCE).until(() -> {
            sweep.pass(await(sweep.pending()), Mono.empty()).block(PATIENCE);
            return await(sweep.progress(tenant, number)).stage() == RedisSweep.Stage.DONE;
        });

        assertThat(await(sweep.progress(tenant, number)).swept()).isEqualTo(covered);
        assertThat(keys.stream()
                        .filter(key -> level.fetch(key).blockOptional(PATIENCE).isPresent())
                        .count())
                .isEqualTo(keys.size() - covered);
    }

    @Test
    void countersAndLocksWorkOnEveryMaster() {
        RedisCounters counters = new RedisCounters(connections, SETTINGS, InstantSource.system());
        RedisLocks locks = new RedisLocks(connections, SETTINGS, InstantSource.system(), new Random(7));
        RedisCounters.Add one = new RedisCounters.Add(1, 0, 10, Duration.ofMinutes(1));
        for (CacheKey key : keys(20)) {
            assertThat(await(counters.add(key, one)).value()).isEqualTo(1);
            assertThat(await(counters.add(key, one)).value()).isEqualTo(2);
            long token = await(locks.acquire(key, "me", Duration.ofMinutes(1))).token();
            assertThat(await(locks.acquire(key, "you", Duration.ofMinutes(1))).own())
                    .isFalse();
            assertThat(token).isPositive();
        }
    }

    @Test
    void goesOnWhereASlotIsMovedToAnotherMaster() {
        CacheKey key = keys(1).getFirst();
        long before = await(level.put(key, text("a"), LIFE, Condition.any())).version();
        Lease lease = await(level.lease(key, before, Duration.ofSeconds(30)));
        String name = nameOf(key);
        IsolatedRedis from = CLUSTER.masterOf(name);
        CLUSTER.moveElsewhere(name);
        assertThat(CLUSTER.masterOf(name)).isNotSameAs(from);

        assertThat(await(level.fetch(key)).version()).isEqualTo(before);
        long after = await(level.put(key, text("b"), LIFE, Condition.lease(((Lease.Granted) lease).token())))
                .version();

        assertThat(after).isGreaterThan(before);
        assertThat(noted()).contains(new Intent(key, before), new Intent(key, after));
        assertThat(await(intents.fulfilled(new Intent(key, after)))).isTrue();
    }

    /** The clocks of masters differ, and a purge holds for all of them. */
    @Test
    void whatWasStoredOnAnyMasterBeforeAPurgeIsPurged() {
        TwoLevelCache cache = node();
        for (int round = 0; round < 20; round++) {
            List<CacheKey> keys = keys(30);
            putAll(keys);
            await(cache.purge(new Purge(tenant, "n", List.of(PurgeScope.wholeNamespace()), false)));

            assertThat(await(cache.getAll(keys))).allMatch(result -> result.outcome() == ReadOutcome.MISS);
        }
        cache.close();
    }

    @Test
    void aMasterThatIsKilledIsAskedAgainWhenItIsBack() {
        List<CacheKey> keys = keys(60);
        putAll(keys);
        TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(level)
                .build();
        IsolatedRedis master = CLUSTER.masterOf(nameOf(keys.getFirst()));
        master.kill();

        assertThat(await(cache.get(keys.getFirst())).outcome()).isEqualTo(ReadOutcome.ERROR);

        master.start();
        CLUSTER.awaitAgreement();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> keys.stream().allMatch(key -> await(cache.get(key)).outcome() != ReadOutcome.ERROR));
        assertThat(await(cache.get(keys.getFirst())).outcome()).isEqualTo(ReadOutcome.MISS);
        putAll(keys);
        assertThat(await(cache.getAll(keys))).noneMatch(result -> result.outcome() == ReadOutcome.ERROR);
        cache.close();
    }

    private static TwoLevelCache node() {
        return TwoLevelCache.builder(SETTINGS).secondLevel(level).build();
    }

    private void putAll(List<CacheKey> keys) {
        Flux.fromIterable(keys)
                .flatMap(key -> level.put(key, text(key.key()), LIFE, Condition.any()), 32)
                .then()
                .block(PATIENCE);
    }

    private List<CacheKey> keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new CacheKey(tenant, "n", "item-" + i))
                .toList();
    }

    /** Of this test's tenant. */
    private List<Intent> noted() {
        return await(intents.overdue(Duration.ofSeconds(-5), 100_000)).stream()
                .filter(intent -> intent.key().tenant().equals(tenant))
                .toList();
    }

    private static long mastersOf(List<CacheKey> keys) {
        return keys.stream()
                .map(key -> CLUSTER.masterOf(nameOf(key)))
                .distinct()
                .count();
    }

    private static String nameOf(CacheKey key) {
        return StandardCharsets.UTF_8.decode(new RedisNames(true).entry(key)).toString();
    }
}
