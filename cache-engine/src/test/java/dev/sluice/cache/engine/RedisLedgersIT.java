package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.cache.engine.QuotaExceededException.Bound;
import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.RedisLedgers.Usage;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Ledgers in one Redis, where they are exact. */
class RedisLedgersIT extends LedgerScenario {

    private static final Duration HOUR = Duration.ofHours(1);

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);

    @AfterEach
    void close() {
        connections.destroy();
        redis.close();
    }

    @Override
    LettuceConnectionFactory connections() {
        return connections;
    }

    @Override
    RedisNames names() {
        return RedisConnections.ONE;
    }

    /** Two nodes, puts of random sizes, some under conditions; refused is what an oracle would refuse, and nothing else. */
    @Test
    void refusesWhatGoesBeyondAQuotaAndNothingElse() {
        quotas.of(space, new Quota(8, 1_500)).of(whole, new Quota(14, 2_400));
        List<RedisSecondLevel> nodes = List.of(level(), level());
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            CacheKey key = key(random.nextInt(2), random.nextInt(12));
            if (random.nextInt(6) == 0) {
                await(nodes.get(i % 2).delete(key, Condition.any()));
            }
            CacheValue value = value(random);
            boolean expected = wouldExceed(key, value);
            boolean was = nodes.get(i % 2)
                    .put(key, value, Lifetime.of(HOUR), Condition.any())
                    .thenReturn(false)
                    .onErrorReturn(QuotaExceededException.class, true)
                    .blockOptional(PATIENCE)
                    .orElseThrow();
            assertThat(was).as("put " + i).isEqualTo(expected);
            refused += was ? 1 : 0;
        }
        assertThat(refused).isBetween(50, 450);
        assertThat(await(ledgers().usage(whole))).isEqualTo(oracle("", false));
    }

    private boolean wouldExceed(CacheKey key, CacheValue value) {
        long rest = (key.namespace() + ":" + key.key()).getBytes(StandardCharsets.UTF_8).length;
        long size = 58L + EntryCodec.encodeBody(value, Lifetime.of(HOUR)).remaining();
        boolean there = level().fetch(key).blockOptional(PATIENCE).isPresent();
        long before = there ? await(redis().stringCommands().strLen(names().entry(key))) : 0;
        long growth = there ? size - before : size + rest;
        Usage all = oracle("", false);
        Usage own = oracle(key.namespace(), false);
        boolean bounded = key.namespace().equals("n0");
        return (!there && (all.entries() + 1 > 14 || (bounded && own.entries() + 1 > 8)))
                || (growth > 0 && (all.bytes() + growth > 2_400 || (bounded && own.bytes() + growth > 1_500)));
    }

    @Test
    void manyAtOnceFillAQuotaToTheLastEntryAndNotFurther() {
        quotas.of(space, new Quota(100, Quota.UNBOUNDED));
        List<RedisSecondLevel> nodes = List.of(level(), level());
        List<Boolean> stored = Flux.fromStream(IntStream.range(0, 400).boxed())
                .flatMap(
                        i -> nodes.get(i % 2)
                                .put(key(0, i), CacheValue.of(new byte[1], ""), Lifetime.of(HOUR), Condition.any())
                                .thenReturn(true)
                                .onErrorReturn(QuotaExceededException.class, false),
                        64)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
        assertThat(stored).filteredOn(done -> done).hasSize(100);
        assertThat(oracle("n0", false).entries()).isEqualTo(100);
    }

    @Test
    void saysWhichQuotaIsFullAndChangesNothing() {
        quotas.of(space, new Quota(1, Quota.UNBOUNDED));
        RedisSecondLevel level = level();
        put(level, key(0, 1), 10, HOUR);
        long version = await(level.stamp(key(0, 1))).version();
        assertThatThrownBy(() -> put(level, key(0, 2), 10, HOUR))
                .isInstanceOfSatisfying(QuotaExceededException.class, full -> {
                    assertThat(full.bound()).isEqualTo(Bound.NAMESPACE_ENTRIES);
                    assertThat(full.used()).isEqualTo(1);
                    assertThat(full.limit()).isEqualTo(1);
                });
        assertThat(level.fetch(key(0, 2)).blockOptional(PATIENCE)).isEmpty();
        assertThat(await(redis().zSetCommands().zCard(RedisArguments.text(WriteIntents.KEY))))
                .isEqualTo(1);
        // What was there is read, replaced and removed as ever.
        assertThat(await(level.fetch(key(0, 1))).version()).isEqualTo(version);
        put(level, key(0, 1), 2_000, HOUR);
        await(level.delete(key(0, 1), Condition.any()));
        put(level, key(0, 2), 10, HOUR);
    }

    @Test
    void whatIsNoLargerReplacesInAFullNamespace() {
        quotas.of(space, new Quota(Quota.UNBOUNDED, 300));
        RedisSecondLevel level = level();
        put(level, key(0, 1), 150, HOUR);
        quotas.of(space, new Quota(Quota.UNBOUNDED, 100));
        put(level, key(0, 1), 150, HOUR);
        put(level, key(0, 1), 140, HOUR);
        assertThatThrownBy(() -> put(level, key(0, 1), 141, HOUR))
                .isInstanceOfSatisfying(
                        QuotaExceededException.class,
                        full -> assertThat(full.bound()).isEqualTo(Bound.NAMESPACE_BYTES));
    }

    /** Its lease is given back: nobody waits for what is not kept. */
    @Test
    void whatIsLoadedIntoAFullNamespaceIsAnsweredAndNotKept() {
        quotas.of(space, new Quota(1, Quota.UNBOUNDED));
        RedisSecondLevel level = level();
        put(level, key(0, 1), 1, HOUR);
        AtomicInteger loads = new AtomicInteger();
        Loader loader = (key, stale) ->
                Mono.fromSupplier(() -> new Loaded(Samples.text("made " + loads.incrementAndGet()), Samples.LIFE));
        try (TwoLevelCache cache =
                TwoLevelCache.builder(SETTINGS).secondLevel(level).build()) {
            for (int i = 1; i <= 2; i++) {
                ReadResult read = await(cache.get(key(0, 2), loader, LoadPatience.defaults()));
                assertThat(read.entry().orElseThrow().value()).isEqualTo(Samples.text("made " + i));
            }
            assertThatThrownBy(() -> await(cache.put(key(0, 2), Samples.text("a"), HOUR, Condition.any())))
                    .isInstanceOf(QuotaExceededException.class);
            assertThat(cache.statistics().puts().overQuota()).isEqualTo(1);
            assertThat(cache.get(key(0, 1)).block(PATIENCE)).isNotNull();
        }
    }

    @Test
    void oneTenantUsesNothingOfAnothers() {
        Scope other = Scope.ofTenant(tenant + "-other");
        quotas.of(whole, new Quota(2, 1L << 40)).of(other, new Quota(2, 1L << 40));
        RedisSecondLevel level = level();
        put(level, key(0, 1), 1, HOUR);
        put(level, key(1, 2), 1, HOUR);
        assertThatThrownBy(() -> put(level, key(1, 3), 1, HOUR))
                .isInstanceOfSatisfying(
                        QuotaExceededException.class,
                        full -> assertThat(full.bound()).isEqualTo(Bound.TENANT_ENTRIES));
        put(level, new CacheKey(other.tenant(), "n1", "a"), 1, HOUR);
        assertThat(await(ledgers().usage(other)).entries()).isEqualTo(1);
    }

    @Test
    void aRedisThatIsEmptiedIsEmptyForTheQuotaToo() {
        quotas.of(space, new Quota(2, Quota.UNBOUNDED));
        RedisSecondLevel level = level();
        put(level, key(0, 1), 1, HOUR);
        put(level, key(0, 2), 1, HOUR);
        await(ledgers().recount(quotas, quotas.scopes(), Mono.empty()));
        await(redis().serverCommands().flushAll());
        assertThat(await(ledgers().usage(space))).isEqualTo(new Usage(0, 0, false));
        put(level, key(0, 3), 1, HOUR);
        await(ledgers().recount(quotas, quotas.scopes(), Mono.empty()));
        assertThat(await(ledgers().usage(space)).complete()).isTrue();
        assertThat(await(ledgers().usage(space)).entries()).isEqualTo(1);
    }

    @Test
    void whatIsReadIsKeptAndCountsOnAfterItsIdleTime() {
        quotas.of(space, new Quota(2, Quota.UNBOUNDED));
        RedisSecondLevel level = level();
        Lifetime idle = Lifetime.of(HOUR).withIdle(Duration.ofSeconds(1));
        await(level.put(key(0, 1), CacheValue.of(new byte[1], ""), idle, Condition.any()));
        // As if it was read again and again: its end is put off behind the ledger's back.
        await(redis().keyCommands().pExpire(names().entry(key(0, 1)), HOUR));
        Awaitility.await().atMost(PATIENCE).until(() -> {
            Usage usage = await(ledgers().usage(space));
            assertThat(usage.entries()).isEqualTo(1);
            return due() > System.currentTimeMillis() + 60_000;
        });
    }

    private double due() {
        return await(redis().zSetCommands()
                .zRevRangeWithScores(names().ledger(key(0, 1)).name(), Range.closed(0L, 0L))
                .next()
                .map(member -> member.getScore()));
    }
}
