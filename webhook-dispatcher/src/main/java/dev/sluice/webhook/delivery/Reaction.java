package dev.sluice.webhook.delivery;

import dev.sluice.webhook.egress.Answer;
import dev.sluice.webhook.retry.RetryAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an answer says of its endpoint, whatever becomes of the delivery. Pure.
 *
 * @param succeeded whether the receiver took it
 * @param throttled whether it was too much for it
 * @param rest how long the receiver asks to be left alone
 */
record Reaction(boolean succeeded, boolean throttled, Optional<Duration> rest) {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    static Reaction of(Answer answer, Instant now) {
        return switch (answer) {
            case Answer.Received received -> of(received, now);
            case Answer.Missing missing ->
                new Reaction(false, missing.failure() == Answer.Failure.TIMEOUT, Optional.empty());
        };
    }

    private static Reaction of(Answer.Received received, Instant now) {
        int status = received.status();
        boolean throttled = status == TOO_MANY_REQUESTS || status == BAD_GATEWAY || status == GATEWAY_TIMEOUT;
        boolean asks = status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
        return new Reaction(
                status >= 200 && status < 300,
                throttled,
                asks ? RetryAfter.parse(received.retryAfter(), now) : Optional.empty());
    }
}
