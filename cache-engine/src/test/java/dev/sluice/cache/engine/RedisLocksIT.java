package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.begin;
import static dev.sluice.cache.engine.Samples.newKey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.RedisLocks.Held;
import dev.sluice.platform.test.LocalRedis;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Locks in a real Redis. */
class RedisLocksIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static LettuceConnectionFactory connections;
    private static RedisLocks locks;

    private final CacheKey lock = newKey();

    @BeforeAll
    static void connect() {
        connections = RedisConnections.to(LocalRedis.shared());
        locks = new RedisLocks(
                connections,
                CacheSettings.defaults().withSecondLevelDeadline(PATIENCE),
                InstantSource.system(),
                new Random(5));
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Test
    void ofManyWhoAskOneHasIt() {
        List<Held> answers = await(Flux.range(0, 50)
                .flatMap(i -> locks.acquire(lock, "owner-" + i, LONG))
                .collectList());

        Held owner = answers.stream().filter(Held::own).findFirst().orElseThrow();
        assertThat(answers.stream().filter(Held::own)).hasSize(1);
        assertThat(answers).allMatch(held -> held.token() == owner.token());
        assertThat(await(locks.find(lock)).token()).isEqualTo(owner.token());
    }

    @Test
    void nobodyIsInsideWithAnotherAndTokensGrow() {
        AtomicInteger inside = new AtomicInteger();
        List<Long> tokens = await(Flux.range(0, 10)
                .flatMap(i -> locks.acquire(lock, "owner-" + i, LONG, PATIENCE).flatMap(held -> {
                    assertThat(held.own()).isTrue();
                    assertThat(inside.incrementAndGet()).isOne();
                    return Mono.delay(Duration.ofMillis(2))
                            .doOnNext(ignored -> inside.decrementAndGet())
                            .then(locks.release(lock, held.token()))
                            .thenReturn(held.token());
                }))
                .collectList());

        assertThat(tokens).hasSize(10).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void theLockOfAnOwnerWhoDiedEndsAndItsTokenIsWorthNothing() {
        Held dead = await(locks.acquire(lock, "dead", Duration.ofMillis(50)));
        Held next = await(locks.acquire(lock, "next", LONG, PATIENCE));

        assertThat(next.own()).isTrue();
        assertThat(next.token()).isGreaterThan(dead.token());
        assertThat(await(locks.renew(lock, dead.token(), LONG)).own()).isFalse();
        assertThat(await(locks.release(lock, dead.token()))).isFalse();
        assertThat(await(locks.find(lock)).token()).isEqualTo(next.token());
    }

    @Test
    void aLockIsHeldForAsLongAsItIsRenewed() {
        Held held = await(locks.acquire(lock, "owner", Duration.ofMillis(500)));
        assertThat(await(locks.renew(lock, held.token(), LONG)).own()).isTrue();

        assertThat(await(locks.find(lock)).remaining()).isGreaterThan(Duration.ofSeconds(30));
        assertThat(await(locks.acquire(lock, "other", LONG)).own()).isFalse();
    }

    @Test
    void whoAsksAgainBecauseAnAnswerWasLostHasItStill() {
        Held first = await(locks.acquire(lock, "owner", LONG));
        Held again = await(locks.acquire(lock, "owner", LONG));

        assertThat(again.own()).isTrue();
        assertThat(again.token()).isEqualTo(first.token());
    }

    @Test
    void whoWaitsHasItOnceItIsReleasedAndGivesUpInTime() {
        Held first = await(locks.acquire(lock, "first", LONG));
        assertThat(await(locks.acquire(lock, "hasty", LONG, Duration.ofMillis(20)))
                        .own())
                .isFalse();
        Mono<Held> waiting = begin(locks.acquire(lock, "patient", LONG, PATIENCE));
        assertThat(await(locks.release(lock, first.token()))).isTrue();

        assertThat(await(waiting).own()).isTrue();
    }

    @Test
    void tokensGrowEvenWhenTheClockWentBack() {
        long future = Long.MAX_VALUE >>> 11;
        ByteBuffer free = ByteBuffer.allocate(16).putLong(future).putLong(1).flip();
        await(redis().stringCommands().set(RedisArguments.lock(lock), free));

        assertThat(await(locks.acquire(lock, "owner", LONG)).token()).isEqualTo(future + 1);
    }

    @Test
    void aFreeLockIsForgottenAfterAWhile() {
        Held held = await(locks.acquire(lock, "owner", Duration.ofMillis(1)));
        Awaitility.await().until(() -> await(locks.find(lock)).token() == 0);
        assertThat(await(locks.release(lock, held.token()))).isFalse();

        assertThat(await(redis().keyCommands().pTtl(RedisArguments.lock(lock))))
                .isBetween(1L, Duration.ofHours(1).plusSeconds(1).toMillis());
    }

    private static ReactiveRedisConnection redis() {
        return connections.getReactiveConnection();
    }
}
