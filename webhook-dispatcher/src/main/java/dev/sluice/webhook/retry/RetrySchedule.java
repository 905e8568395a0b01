package dev.sluice.webhook.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When the attempts of a delivery are made. The default is the example schedule of Standard Webhooks 1.0.0: ten attempts
 * over 75 h 35 min. Jitter only ever adds, so that no attempt comes earlier than the schedule says. Pure.
 *
 * @param delays waits between attempts; one attempt more than there are delays
 * @param jitter most that is added to a delay, as a part of it
 * @param maxRetryAfter most that a receiver may ask for
 */
public record RetrySchedule(List<Duration> delays, double jitter, Duration maxRetryAfter) {

    /** Standard Webhooks 1.0.0, "Retry schedule". */
    public static final List<Duration> STANDARD_DELAYS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    public RetrySchedule {
        delays = List.copyOf(delays);
        if (delays.stream().anyMatch(Duration::isNegative)) {
            throw new IllegalArgumentException("delays must not be negative: " + delays);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be 0 to 1: " + jitter);
        }
        if (maxRetryAfter.isNegative()) {
            throw new IllegalArgumentException("maxRetryAfter must not be negative: " + maxRetryAfter);
        }
    }

    /** The same bounds with other delays. */
    public RetrySchedule withDelays(List<Duration> others) {
        return new RetrySchedule(others, jitter, maxRetryAfter);
    }

    /**
     * When to try again after a failure; empty when that was the last attempt.
     *
     * @param attemptsMade attempts so far, the failed one included
     * @param failedAt when the failed attempt ended
     * @param asked what the receiver asked for; a longer wait than the schedule's is granted up to the maximum
     */
    public Optional<Instant> next(
            int attemptsMade, Instant failedAt, Optional<Duration> asked, RandomGenerator random) {
        if (attemptsMade < 1) {
            throw new IllegalArgumentException("attemptsMade must be at least 1: " + attemptsMade);
        }
        if (attemptsMade > delays.size()) {
            return Optional.empty();
        }
        Duration delay =
                longer(delays.get(attemptsMade - 1), asked.map(this::bounded).orElse(Duration.ZERO));
        long extra = (long) (delay.toMillis() * jitter * random.nextDouble());
        return Optional.of(failedAt.plus(delay).plusMillis(extra));
    }

    private Duration bounded(Duration asked) {
        return asked.compareTo(maxRetryAfter) > 0 ? maxRetryAfter : asked;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
