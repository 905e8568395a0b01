package dev.sluice.webhook.health;

import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.record.WebhookEndpointStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt says of the health of its endpoint, given all attempts before it. Attempts of one endpoint come in the order of the log,
 * which is not always that of their times; one may come twice. Pure.
 *
 * @param failures attempts that failed since the last success
 * @param failingSince when the first of them began; null when there is none
 * @param disabledAt when it was last disabled by a dispatcher, until it receives again; null when it was not
 */
record Health(
        int failures,
        @Nullable Instant failingSince,
        @Nullable Instant disabledAt) {

    static final Health GOOD = new Health(0, null, null);

    static Health of(@Nullable WebhookEndpointState state) {
        return state == null
                ? GOOD
                : new Health(state.getConsecutiveFailures(), state.getFailingSince(), state.getDisabledAt());
    }

    /** With one more attempt. */
    Health after(DeliveryAttempt attempt) {
        if (attempt.getOutcome() == AttemptOutcome.DELIVERED) {
            return disabledAt != null && !attempt.getAt().isAfter(disabledAt) ? new Health(0, null, disabledAt) : GOOD;
        }
        Instant since = failingSince == null || attempt.getAt().isBefore(failingSince) ? attempt.getAt() : failingSince;
        return new Health(failures + 1, since, disabledAt);
    }

    /** Disabled then; what failed before is no longer counted, so that it has the whole time again when it is resumed. */
    Health disabled(Instant at) {
        return new Health(0, null, at);
    }

    /** What follows from an attempt, with which these attempts were all that is known. */
    Verdict verdict(
            DeliveryAttempt attempt, WebhookEndpoint endpoint, Duration disableAfter, int disableAfterAttempts) {
        if (attempt.getOutcome() == AttemptOutcome.DELIVERED) {
            return disabledAt != null && attempt.getAt().isAfter(disabledAt)
                    ? new Verdict.Recovered(disabledAt)
                    : new Verdict.Nothing();
        }
        boolean told = disabledAt != null && !attempt.getAt().isAfter(disabledAt);
        // With 410, or another failure by which the receiver said so; an endpoint is disabled before the attempt is on
        // the log.
        if (isAnsweredAndDead(attempt) && endpoint.getStatus() == WebhookEndpointStatus.DISABLED) {
            return told ? new Verdict.Nothing() : new Verdict.Gone();
        }
        Health next = after(attempt);
        Instant since = next.failingSince();
        boolean lasting = since != null
                && !disableAfter.isZero()
                && !attempt.getAt().isBefore(since.plus(disableAfter))
                && next.failures() >= disableAfterAttempts;
        return since != null && lasting && !told && endpoint.getStatus() == WebhookEndpointStatus.ACTIVE
                ? new Verdict.Failing(since)
                : new Verdict.Nothing();
    }

    private static boolean isAnsweredAndDead(DeliveryAttempt attempt) {
        return attempt.getStatus() != null && attempt.getOutcome() == AttemptOutcome.DEAD;
    }
}
