package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.Disposable;

/** A Redis that is paused, killed, started anew, or not there from the beginning. */
class RedisOutageIT {

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);
    private final TwoLevelCache cache = TwoLevelCache.builder(
                    CacheSettings.defaults().withBreaker(3, Duration.ofMillis(200)))
            .secondLevel(new RedisSecondLevel(connections))
            .build();
    private final CacheKey key = newKey();

    @AfterEach
    void close() {
        cache.close();
        connections.destroy();
        redis.close();
    }

    @Test
    void aPausedRedisIsNotWaitedForAndIsFoundAgain() {
        awaitPut("a");
        redis.pause();

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        assertThat(await(cache.get(newKey()))).isEqualTo(ReadResult.ERROR);
        assertUnavailable();

        redis.resume();
        awaitRecovery();
        assertThat(await(cache.get(key)).entry().orElseThrow().value()).isEqualTo(text("a"));
    }

    @Test
    void aKilledRedisIsFoundAgainAndCopiesOfWhatItLostAreNotServed() {
        awaitPut("a");
        redis.kill();
        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.L1_HIT);
        for (int i = 0; i < 5; i++) {
            assertThat(await(cache.get(newKey()))).isEqualTo(ReadResult.ERROR);
        }
        assertUnavailable();

        redis.start();
        awaitRecovery();

        assertThat(await(cache.get(key)).outcome()).isEqualTo(ReadOutcome.MISS);
        assertThat(await(cache.put(key, text("b"), HOUR, Condition.absent())).created())
                .isTrue();
    }

    @Test
    void aRedisThatComesLaterThanTheCacheIsFound() {
        redis.kill();
        assertThat(await(cache.get(newKey()))).isEqualTo(ReadResult.ERROR);
        assertUnavailable();

        redis.start();
        awaitRecovery();

        assertThat(await(cache.put(key, text("a"), HOUR, Condition.any())).created())
                .isTrue();
    }

    /** Who took over may lack what was written last, and may have done so before any call has failed. */
    @Test
    void whoHasOnlyReadHearsThatAConnectionWasMadeAgain() {
        RedisSecondLevel level = new RedisSecondLevel(connections);
        AtomicInteger returns = new AtomicInteger();
        Disposable listening = level.onReturn(returns::incrementAndGet);
        assertThat(level.fetch(key).blockOptional()).isEmpty();

        redis.kill();
        redis.start();

        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> returns.get() > 0);
        listening.dispose();
    }

    /** The driver sends again what had no answer, unless it is told not to. */
    @Test
    void aChangeWhoseConnectionBrokeIsNotSentASecondTime() {
        RedisSecondLevel level = new RedisSecondLevel(connections);
        awaitPut("warm");
        redis.pause();
        CacheKey unanswered = newKey();
        Disposable put = level.put(unanswered, text("a"), LIFE, Condition.any()).subscribe();
        redis.kill();
        redis.start();
        awaitRecovery();

        assertThat(level.fetch(unanswered).blockOptional()).isEmpty();
        put.dispose();
    }

    /** The first put of the outage lies in the socket of a Redis that stands still, and is made when it goes on. */
    @Test
    void whatANodeKeepsAloneHidesNothingThatIsMadeLate() {
        awaitPut("old");
        redis.pause();
        assertThatThrownBy(() -> await(cache.put(key, text("late"), HOUR, Condition.any())))
                .isInstanceOfSatisfying(
                        SecondLevelUnavailableException.class,
                        e -> assertThat(e.mayHaveHappened()).isTrue());
        putHere("late");
        putHere("new");
        assertThat(await(cache.get(key)).entry().orElseThrow().value()).isEqualTo(text("new"));

        redis.resume();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            ReadResult read = await(cache.get(key));
            assertThat(read.entry().map(CacheEntry::value)).isIn(Optional.empty(), Optional.of(text("new")));
            return read.outcome() == ReadOutcome.MISS;
        });

        RedisSecondLevel level = new RedisSecondLevel(connections);
        assertThat(level.fetch(key).blockOptional()).isEmpty();
        assertThat(await(level.stamp(key)).live()).isFalse();
        awaitPut("newest");
        awaitRecovery();
        assertThat(await(level.fetch(key)).value()).isEqualTo(text("newest"));
    }

    /** It lies in the socket of a Redis that stands still, and arrives when nobody waits for it any more. */
    @Test
    void aPutThatArrivesLateIsNotMade() {
        awaitPut("old");
        redis.pause();
        assertThatThrownBy(() -> await(cache.put(key, text("late"), HOUR, Condition.any())))
                .isInstanceOf(SecondLevelUnavailableException.class);

        redis.resume();
        awaitRecovery();

        assertThat(await(new RedisSecondLevel(connections).fetch(key)).value()).isEqualTo(text("old"));
    }

    private void putHere(String value) {
        Epoch _ = cache.renounce(key);
        assertThat(await(cache.putHere(key, text(value), LIFE)).entry().value()).isEqualTo(text(value));
    }

    private void awaitPut(String value) {
        Awaitility.await()
                .ignoreExceptionsInstanceOf(SecondLevelUnavailableException.class)
                .until(() -> await(cache.put(key, text(value), HOUR, Condition.any()))
                                .entry()
                        != null);
    }

    private void awaitRecovery() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> await(cache.get(newKey())).outcome() == ReadOutcome.MISS);
    }

    private void assertUnavailable() {
        assertThatThrownBy(() -> await(cache.put(newKey(), text("x"), HOUR, Condition.any())))
                .isInstanceOf(SecondLevelUnavailableException.class);
        assertThatThrownBy(() -> await(cache.delete(newKey(), Condition.any())))
                .isInstanceOf(SecondLevelUnavailableException.class);
    }
}
