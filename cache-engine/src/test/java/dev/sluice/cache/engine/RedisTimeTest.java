package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.EntryScript.Answer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A Redis in memory that refuses what is late by its own clock, and a node whose clock knows nothing of that one. */
class RedisTimeTest {

    private static final CacheKey KEY = new CacheKey("t", "n", "k");
    private static final Duration PATIENCE = Duration.ofMillis(250);
    private static final long HOUR = TimeUnit.HOURS.toMicros(1);

    /** Of the node, since it may begin anywhere. */
    private long nanos = -12_345_678_901L;

    /** By how much the clock of Redis is ahead. */
    private long ahead = 1_700_000_000_000_000L;

    private int asked;
    private final RedisTime time = new RedisTime(RedisConnections.ONE, () -> nanos);

    @Test
    void theFirstChangeIsMadeThoughNothingIsKnownOfTheClock() {
        assertThat(make(0, 0)).isTrue();
        assertThat(asked).isEqualTo(2);
        assertThat(make(0, 0)).isTrue();
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void whatComesLaterThanItsAskerWaitsIsNotMade() {
        assertThat(make(0, 0)).isTrue();

        assertThat(make(PATIENCE.toMillis() * 1000 + 1, 0)).isFalse();
        assertThat(make(PATIENCE.toMillis() * 1000 - 2_000, 0)).isTrue();
    }

    @Test
    void norWhenItTookLongOnlyToTellTheTime() {
        assertThat(make(50_000, 50_000)).isTrue();

        assertThat(make(PATIENCE.toMillis() * 1000 + 1, 0)).isFalse();
    }

    @Test
    void aClockThatWentForwardCostsOneMoreQuestion() {
        assertThat(make(0, 0)).isTrue();
        ahead += HOUR;

        assertThat(make(0, 0)).isTrue();
        assertThat(asked).isEqualTo(4);
    }

    @Test
    void oneThatWentBackIsHeardOfWithTheNextAnswer() {
        assertThat(make(0, 0)).isTrue();
        ahead -= HOUR;
        assertThat(make(0, 0)).isTrue();

        assertThat(make(PATIENCE.toMillis() * 1000 + 1, 0)).isFalse();
    }

    @Test
    void whoIsInNoHurryIsNotRefused() {
        RedisTime.Deadline deadline = time.within(KEY, SecondLevel.NO_HURRY);
        nanos += Duration.ofDays(1).toNanos();

        assertThat(await(deadline.keep(latest -> redis(latest, 0, 0))).isLate()).isFalse();
        assertThat(asked).isOne();
    }

    /** As clocks go, and with answers that take their time: nothing is made after its asker has given up. */
    @RepeatedTest(20)
    void nothingIsMadeTooLate(RepetitionInfo run) {
        Random random = new Random(run.getCurrentRepetition());
        int made = 0;
        for (int i = 0; i < 2_000; i++) {
            long apart = random.nextInt(10) == 0 ? random.nextInt(200_000_000) : random.nextInt(10_000);
            nanos += apart * 1000;
            // Right by 500 ppm.
            ahead += random.nextLong(2 * apart + 1) / 2_000 - apart / 2_000;
            if (random.nextInt(200) == 0) {
                ahead += random.nextLong(HOUR);
            }
            long before = nanos;
            long there = random.nextInt(400_000);
            boolean done = make(there, random.nextInt(20_000));
            made += done ? 1 : 0;
            if (done) {
                assertThat(madeAt - before).isLessThanOrEqualTo(PATIENCE.toNanos());
            }
        }
        assertThat(made).isGreaterThan(500);
    }

    private long madeAt;

    private boolean make(long microsThere, long microsBack) {
        Mono<Answer> change = time.within(KEY, PATIENCE).keep(latest -> redis(latest, microsThere, microsBack));
        try {
            return !await(change).isLate();
        } catch (RuntimeException e) {
            assertThat(e).hasCauseInstanceOf(TimeoutException.class);
            return false;
        }
    }

    private Mono<Answer> redis(ByteBuffer latest, long microsThere, long microsBack) {
        return Mono.fromSupplier(() -> {
            asked++;
            nanos += microsThere * 1000;
            long now = Math.floorDiv(nanos, 1000) + ahead;
            long until = Long.parseLong(
                    StandardCharsets.UTF_8.decode(latest.duplicate()).toString());
            boolean late = until != 0 && now > until;
            madeAt = late ? madeAt : nanos;
            nanos += microsBack * 1000;
            return new Answer(late ? 3 : 1, 7, 0, now, "");
        });
    }
}
