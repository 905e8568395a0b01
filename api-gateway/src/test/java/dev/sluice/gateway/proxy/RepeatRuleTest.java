package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.route.RetryRule;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RepeatRuleTest {

    private final RepeatRule rule = new RepeatRule(new RetryRule(3, Set.of(502, 503), Duration.ofMillis(100)));

    @ParameterizedTest
    @CsvSource({
        "GET, true",
        "HEAD, true",
        "OPTIONS, true",
        "PUT, true",
        "DELETE, true",
        "POST, false",
        "PATCH, false",
        "CONNECT, false",
        "get, false"
    })
    void repeatsWhatMayHaveBeenDoneOnlyWhenTwiceIsOnce(String method, boolean repeats) {
        HttpMethod name = HttpMethod.valueOf(method);
        assertThat(rule.allows(UpstreamFault.CLOSED, 1, name, false)).isEqualTo(repeats);
        assertThat(rule.allows(UpstreamFault.FAILING_STATUS, 1, name, false)).isEqualTo(repeats);
        // Nothing of it was sent.
        assertThat(rule.allows(UpstreamFault.REFUSED, 1, name, false)).isTrue();
        assertThat(rule.allows(UpstreamFault.CONNECT_TIMEOUT, 1, name, false)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(UpstreamFault.class)
    void repeatsNothingWhoseBodyIsGoneOrThatWasTriedOftenEnough(UpstreamFault fault) {
        assertThat(rule.allows(fault, 1, HttpMethod.PUT, true)).isFalse();
        assertThat(rule.allows(fault, 3, HttpMethod.PUT, false)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = UpstreamFault.class,
            names = {
                "BUSY",
                "NO_TARGET",
                "INVALID_ANSWER",
                "ANSWER_HEADERS_TOO_LARGE",
                "FIRST_BYTE_TIMEOUT",
                "IDLE_TIMEOUT",
                "TOTAL_TIMEOUT"
            })
    void repeatsNothingThatWouldAddToTheLoad(UpstreamFault fault) {
        assertThat(rule.allows(fault, 1, HttpMethod.GET, false)).isFalse();
    }

    @Test
    void knowsTheStatusesOfTheRoute() {
        assertThat(rule.isFailing(503)).isTrue();
        assertThat(rule.isFailing(504)).isFalse();
    }

    @Test
    void waitsTwiceAsLongEachTimeUpToABound() {
        SplittableRandom random = new SplittableRandom(7);
        for (int attempt = 1; attempt < 80; attempt++) {
            long usual = attempt > 7 ? 10_000 : Math.min(10_000, 100L << (attempt - 1));
            assertThat(rule.pauseAfter(attempt, random).toMillis()).isBetween(usual / 2, usual * 3 / 2);
        }
        RepeatRule eager = new RepeatRule(new RetryRule(3, Set.of(), Duration.ZERO));
        assertThat(eager.pauseAfter(2, random)).isZero();
    }
}
