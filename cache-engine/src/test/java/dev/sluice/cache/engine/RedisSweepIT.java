package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.RedisSweep.Progress;
import dev.sluice.cache.engine.RedisSweep.Stage;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Purges carried out on the entries of a Redis of its own. */
class RedisSweepIT {

    private static final Lifetime LIFETIME =
            new Lifetime(Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(20));

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);
    private final CacheSettings settings = CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20));
    private final RedisSecondLevel level = new RedisSecondLevel(connections);
    private final RedisSweep sweep = new RedisSweep(connections, settings, InstantSource.system());

    @AfterEach
    void close() {
        connections.destroy();
        redis.close();
    }

    @Test
    void unlinksWhatIsGoneAndNothingElse() {
        List<CacheKey> gone = keys("t", "n", "gone-", 1200);
        List<CacheKey> kept = new ArrayList<>(keys("t", "n", "kept-", 300));
        kept.addAll(keys("t", "m", "gone-", 300));
        kept.addAll(keys("u", "n", "gone-", 300));
        putAll(gone);
        putAll(kept);
        CacheKey tagged = new CacheKey("t", "n", "tagged");
        await(level.put(tagged, text("a").withTags(List.of("x", "y")), LIFETIME, Condition.any()));
        redis().stringCommands()
                .set(RedisArguments.text("c:{no entry}"), RedisArguments.text("left alone"))
                .block();
        long number = purge("t", "n", false, PurgeScope.prefix("gone-"), PurgeScope.tag("y"));
        CacheKey after = new CacheKey("t", "n", "gone-after");
        await(level.put(after, text("a"), LIFETIME, Condition.any()));
        AtomicInteger pages = new AtomicInteger();

        assertThat(await(sweep.progress("t", number)).stage()).isNotEqualTo(Stage.DONE);
        assertThat(await(sweep.pass(await(sweep.pending()), Mono.fromCallable(pages::incrementAndGet))))
                .isEqualTo(1201);

        assertThat(pages.get()).isGreaterThan(3);
        assertThat(present(gone)).isEmpty();
        assertThat(present(List.of(tagged))).isEmpty();
        assertThat(present(kept)).hasSize(900);
        assertThat(present(List.of(after))).hasSize(1);
        Progress progress = await(sweep.progress("t", number));
        assertThat(progress.stage()).isEqualTo(Stage.DONE);
        assertThat(progress.swept()).isEqualTo(1201);
        assertThat(progress.expected()).isGreaterThan(2100);
        assertThat(sweep.progress("u", number).blockOptional()).isEmpty();
        assertThat(sweep.pass(await(sweep.pending()), Mono.empty()).blockOptional())
                .isEmpty();
    }

    @Test
    void whatWasPurgedSoftlyIsStaleFromThen() {
        CacheKey key = new CacheKey("t", "n", "a");
        CacheKey short1 = new CacheKey("t", "n", "b");
        await(level.put(key, text("a"), LIFETIME, Condition.any()));
        await(level.put(short1, text("b"), Lifetime.of(Duration.ofHours(1)), Condition.any()));
        long version = await(level.fetch(key)).version();
        long number = purge("t", "n", true, PurgeScope.wholeNamespace());
        await(sweep.pass(await(sweep.pending()), Mono.empty()));

        SecondLevel.Fetched soft = await(level.fetch(key));
        assertThat(soft.version()).isEqualTo(version);
        assertThat(soft.lifetime().fresh().toMillis()).isEqualTo(Math.max(1, (number - version) / 1000));
        assertThat(soft.lifetime().staleIfError()).isEqualTo(Duration.ofMinutes(20));
        assertThat(soft.age()).isLessThan(Duration.ofMinutes(1));
        assertThat(await(redis().keyCommands().pTtl(RedisConnections.ONE.entry(key))))
                .isBetween(1L, Duration.ofMinutes(20).toMillis());
        assertThat(present(List.of(short1))).isEmpty();
        assertThat(await(sweep.progress("t", number)).swept()).isEqualTo(2);
    }

    @Test
    void anEpochIsRetiredOnceNothingFromBeforeItCanComeAndOnlyIfItIsTheLast() {
        purge("t", "n", false, PurgeScope.tag("x"), PurgeScope.tag("y"));
        await(sweep.pass(await(sweep.pending()), Mono.empty()));
        assertThat(sweep.retire(await(sweep.pending())).collectList().block()).isEmpty();

        // As if it were long ago.
        List<Epoch> old = await(sweep.pending()).stream()
                .map(epoch -> new Epoch("t", "n", epoch.scope(), false, epoch.number() - 600_000_000))
                .toList();
        ByteBuffer hash = RedisArguments.epochs("t");
        await(redis().hashCommands()
                .hSet(
                        hash,
                        RedisArguments.text("htn:x"),
                        RedisArguments.number(old.getFirst().number())));
        assertThat(sweep.retire(old)
                        .map(epoch -> epoch.scope().name())
                        .collectList()
                        .block())
                .containsExactly("x");
        assertThat(await(sweep.pending()))
                .extracting(epoch -> epoch.scope().name())
                .containsExactly("y");
    }

    /** What has an end may be evicted when memory is short, and purges are not to be forgotten then. */
    @Test
    void epochsHaveNoEnd() {
        purge("t", "n", false, PurgeScope.tag("x"));
        assertThat(await(redis().keyCommands().pTtl(RedisArguments.epochs("t"))))
                .isEqualTo(-1);
    }

    @Test
    void tenantsWithoutPurgesAreForgotten() {
        purge("t", "n", false, PurgeScope.tag("x"));
        sweep.forgetIdle().block();
        assertThat(await(sweep.pending())).hasSize(1);
        await(redis().hashCommands().hDel(RedisArguments.epochs("t"), RedisArguments.text("htn:x")));
        sweep.forgetIdle().block();
        assertThat(await(redis().setCommands().sCard(RedisArguments.text("sluice:cache:purging"))))
                .isZero();
    }

    /** Who has seen that there are none may come to it late. */
    @Test
    void aTenantThatWasPurgedMeanwhileIsNotForgotten() {
        purge("t", "n", false, PurgeScope.tag("x"));
        new RedisEpochs(new RedisLink(connections)).forget("t").block();
        assertThat(await(sweep.pending())).hasSize(1);
    }

    @Test
    void aPurgeWhoseTenantCannotBeNotedIsNone() {
        await(redis().stringCommands().set(RedisArguments.text("sluice:cache:purging"), RedisArguments.text("no set")));

        assertThatThrownBy(() -> purge("t", "n", false, PurgeScope.tag("x"))).hasStackTraceContaining("WRONGTYPE");
        assertThat(await(redis().keyCommands().exists(RedisArguments.epochs("t"))))
                .isFalse();
    }

    private long purge(String tenant, String namespace, boolean soft, PurgeScope... scopes) {
        return await(level.purge(new Purge(tenant, namespace, List.of(scopes), soft)));
    }

    private static List<CacheKey> keys(String tenant, String namespace, String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new CacheKey(tenant, namespace, prefix + i))
                .toList();
    }

    private void putAll(List<CacheKey> keys) {
        await(Flux.fromIterable(keys)
                .flatMap(key -> level.put(key, text("a"), LIFETIME, Condition.any()), 100)
                .count());
    }

    private List<CacheKey> present(List<CacheKey> keys) {
        return await(Flux.fromIterable(keys)
                .filterWhen(key -> level.fetch(key).hasElement(), 100)
                .collectList());
    }

    private ReactiveRedisConnection redis() {
        return connections.getReactiveConnection();
    }
}
