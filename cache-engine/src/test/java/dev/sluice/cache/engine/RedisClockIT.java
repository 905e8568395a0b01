package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.RedisLocks.Held;
import dev.sluice.cache.engine.WriteIntents.Intent;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * What is true when the clock of Redis was moved. Nobody can move it for one process alone, so what Redis has is moved the
 * other way: every time in it is as much later as the clock would have gone back, or earlier as it would have gone forward.
 */
class RedisClockIT {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LIFE = Duration.ofSeconds(50);
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);
    private final RedisSecondLevel level = RedisSecondLevel.withIntents(connections);
    private final CacheKey key = newKey();

    @AfterEach
    void close() {
        connections.destroy();
        redis.close();
    }

    @Test
    void whatIsStoredIsNotKeptUntilAClockThatWentBackHasCaughtUp() {
        put(Lifetime.of(LIFE));
        back(HOUR);
        assertThat(left()).isGreaterThan(HOUR);

        assertThat(await(level.fetch(key)).left()).isEqualTo(LIFE);

        assertThat(left()).isLessThanOrEqualTo(LIFE);
        assertThat(await(level.fetch(key)).left()).isLessThanOrEqualTo(LIFE);
        assertThat(await(level.fetch(key)).value()).isEqualTo(text("a"));
    }

    @Test
    void norIsWhatEndsIdle() {
        put(Lifetime.of(Duration.ofDays(1)).withIdle(LIFE));
        back(HOUR);

        await(level.fetch(key));

        assertThat(left())
                .isLessThanOrEqualTo(
                        Lifetime.of(Duration.ofDays(1)).withIdle(LIFE).idleBound());
    }

    /** Whoever had it may be dead. */
    @Test
    void aLeaseHoldsNobodyOffUntilAClockThatWentBackHasCaughtUp() {
        long token = granted(0);
        assertThat(await(level.lease(key, 0, LEASE))).isInstanceOf(Lease.Held.class);
        back(HOUR);

        long next = granted(0);

        assertThat(next).isGreaterThan(token + micros(HOUR));
        assertThatThrownBy(() -> putUnder(token + micros(HOUR))).isInstanceOf(ConditionFailedException.class);
        assertThat(putUnder(next)).isGreaterThan(next);
    }

    @Test
    void aLeaseIsWorthSomethingThoughTheClockWentBackMeanwhile() {
        long token = granted(0);
        back(HOUR);

        assertThat(putUnder(token + micros(HOUR))).isGreaterThan(token + micros(HOUR));
    }

    @Test
    void aLeaseIsWorthNothingWhenTheClockHasGoneForwardFartherThanOneLasts() {
        long token = granted(0);
        forward(Duration.ofSeconds(50));
        assertThat(await(level.stamp(key)).live()).isFalse();
        forward(Duration.ofSeconds(9));
        keepFor(LIFE);
        forward(Duration.ofSeconds(11));

        assertThatThrownBy(() -> putUnder(token - micros(Duration.ofSeconds(70))))
                .isInstanceOf(ConditionFailedException.class);
    }

    @Test
    void aDeletedKeyKeepsItsVersionWhenTheClockGoesBack() {
        long deleted = await(level.delete(key, Condition.any())).version();
        back(HOUR);

        assertThat(put(Lifetime.of(LIFE))).isGreaterThan(deleted + micros(HOUR));
    }

    /** What a dead node did is told by others, also when the clock goes back in between. */
    @Test
    void whatIsNotedIsOverdueThoughTheClockWentBack() {
        WriteIntents intents = new WriteIntents(
                connections, CacheSettings.defaults().withSecondLevelDeadline(LIFE), InstantSource.system());
        long version = put(Lifetime.of(LIFE));
        assertThat(await(intents.overdue(HOUR, 10))).isEmpty();

        noteLater(new Intent(key, version), HOUR.multipliedBy(2));

        assertThat(await(intents.overdue(HOUR, 10))).containsExactly(new Intent(key, version));
    }

    /** Whoever had it may be dead; whoever has it still has it for no less than it was told. */
    @Test
    void aLockIsNotHeldUntilAClockThatWentBackHasCaughtUp() {
        RedisLocks locks = new RedisLocks(
                connections,
                CacheSettings.defaults().withSecondLevelDeadline(LIFE),
                InstantSource.system(),
                new Random(3));
        ByteBuffer name = RedisArguments.lock(key);
        long token = await(locks.acquire(key, "owner", LIFE)).token() + micros(HOUR);
        ByteBuffer record = await(redis().stringCommands().get(name.duplicate()));
        record.putLong(0, token).putLong(8, record.getLong(8) + micros(HOUR));
        await(redis().stringCommands().set(name.duplicate(), record));

        Held held = await(locks.acquire(key, "other", LIFE));

        assertThat(held.own()).isFalse();
        assertThat(held.token()).isEqualTo(token);
        assertThat(held.remaining()).isBetween(LIFE.minusSeconds(1), LIFE);
        assertThat(await(locks.find(key)).remaining()).isLessThanOrEqualTo(held.remaining());
        assertThat(await(locks.acquire(key, "owner", LIFE)).token()).isEqualTo(token);
        assertThat(await(locks.release(key, token))).isTrue();
        locks.close();
    }

    private long put(Lifetime lifetime) {
        return await(level.put(key, text("a"), lifetime, Condition.any())).version();
    }

    private long putUnder(long token) {
        return await(level.put(key, text("b"), Lifetime.of(LIFE), Condition.lease(token)))
                .version();
    }

    private long granted(long seen) {
        Lease lease = await(level.lease(key, seen, LEASE));
        assertThat(lease).isInstanceOf(Lease.Granted.class);
        return ((Lease.Granted) lease).token();
    }

    private Duration left() {
        return Duration.ofMillis(await(redis().keyCommands().pTtl(name())));
    }

    private void back(Duration span) {
        move(span.toMillis());
    }

    private void forward(Duration span) {
        move(-span.toMillis());
    }

    /** As if it had been given longer to live. */
    private void keepFor(Duration span) {
        await(redis().keyCommands().pExpire(name(), span));
    }

    /** Version, stored at, ends at; token and end of the lease; and the beginning. */
    private void move(long millis) {
        ByteBuffer entry = await(redis().stringCommands().get(name()));
        for (int field : new int[] {2, 10, 18, 34, 42, 50}) {
            long before = entry.getLong(field);
            entry.putLong(field, before == 0 ? 0 : before + millis * 1000);
        }
        long left = left().toMillis();
        await(redis().stringCommands().set(name(), entry));
        await(redis().keyCommands().pExpire(name(), Duration.ofMillis(left + millis)));
    }

    private void noteLater(Intent intent, Duration span) {
        ByteBuffer set = RedisConnections.ONE.intents(intent.key());
        Double score = await(redis().zSetCommands().zScore(set.duplicate(), intent.member()));
        await(redis().zSetCommands().zAdd(set.duplicate(), score + micros(span), intent.member()));
    }

    private static long micros(Duration span) {
        return span.toNanos() / 1000;
    }

    private ByteBuffer name() {
        return RedisConnections.ONE.entry(key);
    }

    private ReactiveRedisConnection redis() {
        return connections.getReactiveConnection();
    }
}
