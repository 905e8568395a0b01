package dev.sluice.gateway.proxy;

import dev.sluice.gateway.route.RetryRule;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Decides whether a request is sent once more: only when doing it twice cannot do harm. Pure. */
final class RepeatRule {

    /** RFC 9110, section 9.2.2: doing it twice is doing it once. */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    /** The longest backoff that a route may have. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final RetryRule rule;

    RepeatRule(RetryRule rule) {
        this.rule = rule;
    }

    /**
     * Whether there is to be another attempt.
     *
     * @param attempt the one that failed; 1 is the first
     * @param bodyTaken whether the caller's body was begun, which cannot be had again
     */
    boolean allows(UpstreamFault fault, int attempt, HttpMethod method, boolean bodyTaken) {
        if (attempt >= rule.attempts() || bodyTaken) {
            return false;
        }
        return switch (fault) {
            case REFUSED, CONNECT_TIMEOUT -> true;
            case CLOSED, FAILING_STATUS -> isIdempotent(method);
            case BUSY,
                    NO_TARGET,
                    INVALID_ANSWER,
                    ANSWER_HEADERS_TOO_LARGE,
                    FIRST_BYTE_TIMEOUT,
                    IDLE_TIMEOUT,
                    TOTAL_TIMEOUT -> false;
        };
    }

    /** Whether doing it twice has the effect of doing it once. */
    static boolean isIdempotent(HttpMethod method) {
        return IDEMPOTENT.contains(method);
    }

    /** Whether an answer with this status is a failure that another attempt may mend. */
    boolean isFailing(int status) {
        return rule.onStatus().contains(status);
    }

    /** How long to wait after an attempt: twice as long each time, by a half shorter or longer by lot. */
    Duration pauseAfter(int attempt, RandomGenerator random) {
        long nanos = rule.backoff().toNanos() << Math.min(attempt - 1, 10);
        long bounded = Math.min(nanos, LONGEST_PAUSE.toNanos());
        return Duration.ofNanos((long) (bounded * (0.5 + random.nextDouble())));
    }
}
