package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.RedisLedgers.Usage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ScanOptions;
import reactor.core.publisher.Mono;

/** What a ledger says is held against what is in Redis, in one Redis and in a cluster. */
abstract class LedgerScenario {

    static final CacheSettings SETTINGS = CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20));
    static final Duration PATIENCE = Duration.ofMinutes(2);

    final String tenant = "tenant-" + UUID.randomUUID();
    final Scope whole = Scope.ofTenant(tenant);
    final Scope space = new Scope(tenant, "n0");
    final FixedQuotas quotas = new FixedQuotas();

    abstract LettuceConnectionFactory connections();

    abstract RedisNames names();

    RedisSecondLevel level() {
        return RedisSecondLevel.withIntents(connections()).counting(quotas);
    }

    RedisLedgers ledgers() {
        return new RedisLedgers(connections(), SETTINGS, InstantSource.system());
    }

    /** Puts, replacements, deletes, sweeps, known absences and idle ends in any order: after each the ledger is what Redis has. */
    @Test
    void afterEachChangeTheLedgerSaysWhatRedisHas() {
        quotas.of(whole, new Quota(Quota.UNBOUNDED, 1L << 40)).of(space, new Quota(1L << 40, Quota.UNBOUNDED));
        RedisSecondLevel level = level();
        RedisLedgers ledgers = ledgers();
        Random random = new Random(20_261_122);
        for (int i = 0; i < 400; i++) {
            CacheKey key = key(random.nextInt(2), random.nextInt(12));
            change(level, key, random)
                    .onErrorComplete(ConditionFailedException.class)
                    .block(PATIENCE);
            if (i % 8 == 0) {
                assertThat(await(ledgers.usage(whole))).as("step " + i).isEqualTo(oracle("", false));
                assertThat(await(ledgers.usage(space))).as("step " + i).isEqualTo(oracle("n0", false));
            }
        }
    }

    private static Mono<?> change(RedisSecondLevel level, CacheKey key, Random random) {
        Lifetime life = Lifetime.of(Duration.ofHours(1 + random.nextInt(9)));
        return switch (random.nextInt(8)) {
            case 0 -> level.delete(key, Condition.any());
            case 1 -> level.delete(key, Condition.present());
            case 2 -> level.put(key, CacheValue.absence(), life, Condition.any());
            case 3 -> level.put(key, value(random), life.withIdle(Duration.ofMinutes(5)), Condition.any());
            case 4 -> level.put(key, value(random), life, Condition.absent());
            case 5 -> level.sweep(key, 0, Long.MAX_VALUE / 2048);
            case 6 -> level.lease(key, 0, Duration.ofSeconds(5));
            default -> level.put(key, value(random), life, Condition.any());
        };
    }

    static CacheValue value(Random random) {
        return CacheValue.of(new byte[random.nextInt(200)], "text/plain");
    }

    @Test
    void whatRedisEndsByItselfCountsNoMore() {
        quotas.of(space, new Quota(10, Quota.UNBOUNDED));
        RedisSecondLevel level = level();
        for (int i = 0; i < 10; i++) {
            Duration life = i < 7 ? Duration.ofMillis(1 + i) : Duration.ofHours(1);
            put(level, key(0, i), 10, life);
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> await(ledgers().usage(space))
                        .equals(new Usage(3, oracle("n0", false).bytes(), false)));
        put(level, key(0, 11), 10, Duration.ofHours(1));
    }

    /** A full ledger makes room for what is put next by what has ended, without anybody who looks after it. */
    @Test
    void whatHasEndedMakesRoomForTheNextPut() {
        quotas.of(space, new Quota(5, Quota.UNBOUNDED));
        RedisSecondLevel level = level();
        for (int i = 0; i < 5; i++) {
            put(level, key(0, i), 10, Duration.ofMillis(1));
        }
        Awaitility.await().atMost(PATIENCE).until(() -> oracle("n0", false).entries() == 0);
        for (int i = 5; i < 10; i++) {
            put(level, key(0, i), 10, Duration.ofHours(1));
        }
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> await(ledgers().usage(space)).entries() == 5);
    }

    @Test
    void whatIsDeletedByHandCountsUntilTheLedgerIsGoneThrough() {
        quotas.of(whole, new Quota(1_000, 1L << 40));
        RedisSecondLevel level = level();
        for (int i = 0; i < 300; i++) {
            put(level, key(i % 2, i), i, Duration.ofHours(1));
        }
        for (int i = 0; i < 300; i += 3) {
            await(redis().keyCommands().del(names().entry(key(i % 2, i))));
        }
        assertThat(await(ledgers().usage(whole)).entries()).isEqualTo(300);
        assertThat(await(ledgers().walk(tenant, Mono.empty()))).isEqualTo(100);
        assertThat(await(ledgers().usage(whole))).isEqualTo(oracle("", false));
        assertThat(await(ledgers().walk(tenant, Mono.empty()))).isZero();
    }

    @Test
    void aLedgerThatIsLostOrNewIsMadeOfWhatIsInRedis() {
        RedisSecondLevel level = level();
        for (int i = 0; i < 250; i++) {
            put(level, key(i % 2, i), i, Duration.ofHours(1));
        }
        assertThat(await(ledgers().usage(whole)).entries()).isZero();
        quotas.of(whole, new Quota(1_000, 1L << 40)).of(space, new Quota(1_000, 1L << 40));
        recount();
        for (RedisNames.Ledger ledger : names().ledgers(tenant)) {
            await(redis().keyCommands().del(ledger.name()));
        }
        put(level, key(0, 0), 77, Duration.ofHours(1));
        assertThat(await(ledgers().usage(whole)).complete()).isFalse();
        recount();
        // Of one of them the quota is taken back, and laid down again: what was not counted meanwhile is found.
        quotas.takeBack(whole);
        await(ledgers().forgetAllBut(quotas.scopes()).thenReturn(true));
        put(level, key(1, 1), 99, Duration.ofHours(1));
        quotas.of(whole, new Quota(1_000, 1L << 40));
        assertThat(await(ledgers().uncounted(quotas.scopes(), Duration.ofHours(1))))
                .containsExactly(whole);
        recount();
        quotas.takeBack(whole);
        quotas.takeBack(space);
        await(ledgers().forgetAllBut(quotas.scopes()).thenReturn(true));
        assertThat(names().ledgers(tenant))
                .allMatch(ledger -> !await(redis().keyCommands().exists(ledger.name())));
    }

    private void recount() {
        assertThat(await(ledgers().uncounted(quotas.scopes(), Duration.ofHours(1))))
                .isNotEmpty();
        await(ledgers().recount(quotas, quotas.scopes(), Mono.empty()));
        await(ledgers().walk(tenant, Mono.empty()));
        assertThat(await(ledgers().uncounted(quotas.scopes(), Duration.ofHours(1))))
                .isEmpty();
        assertThat(await(ledgers().usage(whole))).isEqualTo(oracle("", true));
        assertThat(await(ledgers().usage(space))).isEqualTo(oracle("n0", true));
    }

    CacheKey key(int namespace, int number) {
        return new CacheKey(tenant, "n" + namespace, "kéy:" + number + "}");
    }

    static void put(RedisSecondLevel level, CacheKey key, int bytes, Duration life) {
        await(level.put(key, CacheValue.of(new byte[bytes], "text/plain"), Lifetime.of(life), Condition.any()));
    }

    /** Of the names in Redis themselves; of all namespaces for an empty one. */
    Usage oracle(String namespace, boolean complete) {
        List<CacheKey> keys = redis().keyCommands()
                .scan(ScanOptions.scanOptions().count(1_000).build())
                .distinct()
                .flatMap(name -> Mono.justOrEmpty(
                        names().entryOf(StandardCharsets.UTF_8.decode(name).toString())))
                .filter(key ->
                        key.tenant().equals(tenant) && (namespace.isEmpty() || namespace.equals(key.namespace())))
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
        long entries = 0;
        long bytes = 0;
        for (CacheKey key : keys) {
            ByteBuffer entry = redis().stringCommands().get(names().entry(key)).block(PATIENCE);
            if (entry != null && entry.get(1) != EntryCodec.TOMBSTONE) {
                entries++;
                bytes +=
                        entry.remaining() + (key.namespace() + ":" + key.key()).getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return new Usage(entries, bytes, complete);
    }

    ReactiveRedisConnection redis() {
        return connections().getReactiveConnection();
    }
}
