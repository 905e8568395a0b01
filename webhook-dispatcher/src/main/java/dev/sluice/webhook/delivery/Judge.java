package dev.sluice.webhook.delivery;

import dev.sluice.record.DeadReason;
import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.retry.RetryAfter;
import dev.sluice.webhook.retry.RetrySchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The status rules of Standard Webhooks 1.0.0: 2xx is success whatever the body; 410 disables the endpoint; all else is a
 * failure, redirects included, and is tried again by the schedule. Retry-After counts where RFC 9110 gives it meaning
 * for a failure: 429 and the server's own errors. With a failure the receiver may wish that it is the last one. Pure.
 */
final class Judge {

    private static final int GONE = 410;
    private static final int TOO_MANY_REQUESTS = 429;

    private Judge() {}

    /**
     * Judges one attempt.
     *
     * @param attemptsMade attempts so far, this one included
     * @param now when the attempt ended
     */
    static Ruling judge(Answer answer, int attemptsMade, RetrySchedule schedule, Instant now, RandomGenerator random) {
        return switch (answer) {
            case Answer.Received received
            when received.status() >= 200 && received.status() < 300 -> new Ruling.Delivered();
            case Answer.Received received when received.status() == GONE -> new Ruling.Disable();
            case Answer.Received received ->
                switch (received.wish()) {
                    case DISABLE -> new Ruling.Disable();
                    case ABORT_MESSAGE -> new Ruling.GiveUp(DeadReason.REFUSED);
                    case NONE -> retry(attemptsMade, schedule, now, asked(received, now), random);
                };
            case Answer.Missing _ -> retry(attemptsMade, schedule, now, Optional.empty(), random);
        };
    }

    private static Optional<Duration> asked(Answer.Received received, Instant now) {
        boolean counts = received.status() == TOO_MANY_REQUESTS || received.status() >= 500;
        return counts ? RetryAfter.parse(received.retryAfter(), now) : Optional.empty();
    }

    private static Ruling retry(
            int attemptsMade, RetrySchedule schedule, Instant now, Optional<Duration> asked, RandomGenerator random) {
        Optional<Instant> dueAt = schedule.next(attemptsMade, now, asked, random);
        return dueAt.isPresent() ? new Ruling.Retry(dueAt.get()) : new Ruling.GiveUp(DeadReason.EXHAUSTED);
    }
}
