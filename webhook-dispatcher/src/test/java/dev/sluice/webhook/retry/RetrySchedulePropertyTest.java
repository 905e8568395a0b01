package dev.sluice.webhook.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Random schedules and wishes of receivers: attempts are never early and never late by more than the jitter. */
class RetrySchedulePropertyTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(24);

    @RepeatedTest(100)
    void everyAttemptComesAfterItsDelayAndWithinTheJitter(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        RetrySchedule schedule = randomSchedule(random);
        Instant at = START;
        for (int made = 1; made <= schedule.delays().size(); made++) {
            Optional<Duration> asked = randomWish(random);
            Duration wish = shorter(asked.orElse(Duration.ZERO), schedule.maxRetryAfter());
            Duration delay = longer(schedule.delays().get(made - 1), wish);

            Instant next = schedule.next(made, at, asked, random).orElseThrow();

            assertThat(next).isAfterOrEqualTo(at.plus(delay));
            assertThat(next)
                    .isBeforeOrEqualTo(at.plus(delay).plusMillis((long) (delay.toMillis() * schedule.jitter())));
            at = next;
        }
        assertThat(schedule.next(schedule.delays().size() + 1, at, Optional.empty(), random))
                .isEmpty();
    }

    @RepeatedTest(20)
    void theStandardScheduleMakesTenAttemptsIn75HoursAndAtMostTheJitterMore(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        RetrySchedule schedule = new RetrySchedule(RetrySchedule.STANDARD_DELAYS, 0.1, MAX_RETRY_AFTER);
        Instant at = START;
        int attempts = 1;
        for (var next = schedule.next(attempts, at, Optional.empty(), random);
                next.isPresent();
                next = schedule.next(attempts, at, Optional.empty(), random)) {
            at = next.get();
            attempts++;
        }
        Duration standard = Duration.parse("PT75H35M5S");

        assertThat(attempts).isEqualTo(10);
        assertThat(Duration.between(START, at))
                .isBetween(standard, standard.plusMillis((long) (standard.toMillis() * 0.1)));
    }

    @Test
    void jitterSpreadsAttemptsOverItsWholeRange() {
        RetrySchedule schedule = new RetrySchedule(List.of(Duration.ofSeconds(100)), 0.5, MAX_RETRY_AFTER);
        Random random = new Random(1);
        var waits = Stream.generate(
                        () -> schedule.next(1, START, Optional.empty(), random).orElseThrow())
                .limit(1_000)
                .map(at -> Duration.between(START, at).toSeconds())
                .toList();

        assertThat(waits).contains(100L, 110L, 120L, 130L, 140L, 149L);
        assertThat(waits).allMatch(seconds -> seconds >= 100 && seconds <= 150);
    }

    @Test
    void aReceiverMayAskForMoreButNotForLessOrForEver() {
        RetrySchedule schedule = new RetrySchedule(List.of(Duration.ofMinutes(5)), 0, Duration.ofHours(1));

        assertThat(next(schedule, Duration.ofSeconds(1))).isEqualTo(START.plus(Duration.ofMinutes(5)));
        assertThat(next(schedule, Duration.ofMinutes(7))).isEqualTo(START.plus(Duration.ofMinutes(7)));
        assertThat(next(schedule, Duration.ofDays(365))).isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void otherDelaysKeepTheBounds() {
        RetrySchedule schedule = new RetrySchedule(List.of(), 0.25, Duration.ofHours(1));

        assertThat(schedule.next(1, START, Optional.empty(), new Random(1))).isEmpty();
        assertThat(schedule.withDelays(List.of(Duration.ZERO)))
                .isEqualTo(new RetrySchedule(List.of(Duration.ZERO), 0.25, Duration.ofHours(1)));
    }

    @Test
    void refusesBoundsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetrySchedule(List.of(Duration.ofMillis(-1)), 0, MAX_RETRY_AFTER))
                .withMessageContaining("delays");
        for (double jitter : new double[] {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RetrySchedule(List.of(), jitter, MAX_RETRY_AFTER))
                    .withMessageContaining("jitter");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetrySchedule(List.of(), 0, Duration.ofMillis(-1)))
                .withMessageContaining("maxRetryAfter");
        RetrySchedule schedule = new RetrySchedule(List.of(), 0, MAX_RETRY_AFTER);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> schedule.next(0, START, Optional.empty(), new Random(1)))
                .withMessageContaining("attemptsMade");
    }

    private static Instant next(RetrySchedule schedule, Duration asked) {
        return schedule.next(1, START, Optional.of(asked), new Random(1)).orElseThrow();
    }

    private static RetrySchedule randomSchedule(Random random) {
        List<Duration> delays = Stream.generate(() -> Duration.ofMillis(random.nextLong(1L << random.nextInt(1, 30))))
                .limit(random.nextInt(12))
                .toList();
        return new RetrySchedule(delays, random.nextInt(101) / 100.0, Duration.ofSeconds(random.nextInt(100_000)));
    }

    private static Optional<Duration> randomWish(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(random.nextInt(1_000_000_000)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
