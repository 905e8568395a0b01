package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class RateLimitHeadersTest {

    private static final long NOW = Limits.micros("2026-02-10T23:59:30Z");

    @Test
    void writesOnePolicyAndOneLimit() {
        HttpHeaders headers = headers(List.of(Limits.rate(10, 10)), 1);
        assertThat(headers.getFirst("RateLimit-Policy")).isEqualTo("\"rate\";q=10;w=1");
        assertThat(headers.getFirst("RateLimit")).isEqualTo("\"rate\";r=9;t=1");
        assertThat(headers.getFirst("X-RateLimit-Limit")).isEqualTo("10");
        assertThat(headers.getFirst("X-RateLimit-Remaining")).isEqualTo("9");
        assertThat(headers.getFirst("X-RateLimit-Reset")).isEqualTo("1");
    }

    @Test
    void writesAListWithTheLengthsOfTheWindowsAndTheBurst() {
        List<Limit> limits = List.of(
                Limits.rate(10, 20),
                Limits.daily(5),
                Limits.of("month", new CalendarWindow(Period.MONTH, 1_000_000), Mode.ENFORCE));
        HttpHeaders headers = headers(limits, 3);
        assertThat(headers.getFirst("RateLimit-Policy"))
                .isEqualTo("\"rate\";q=10;w=1;sluice-burst=20, \"day\";q=5;w=86400, \"month\";q=1000000;w=2419200");
        assertThat(headers.getFirst("RateLimit"))
                .isEqualTo("\"rate\";r=17;t=1, \"day\";r=2;t=30, \"month\";r=999997;t=1555230");
        assertThat(headers.getFirst("X-RateLimit-Limit")).isEqualTo("5");
        assertThat(headers.getFirst("X-RateLimit-Remaining")).isEqualTo("2");
        assertThat(headers.getFirst("X-RateLimit-Reset")).isEqualTo("30");
    }

    @Test
    void tellsWhenARefusedRequestMayComeAgain() {
        List<Limit> limits = List.of(Limits.rate(10, 10), Limits.daily(5));
        LimitDecision refused = decide(limits, 6);
        assertThat(refused.verdict()).isEqualTo(Verdict.DENIED);
        assertThat(RateLimitHeaders.retryAfterSeconds(refused)).isEqualTo(30);
        assertThat(RateLimitHeaders.retryAfterSeconds(decide(List.of(Limits.rate(100, 1)), 2)))
                .isEqualTo(1);
    }

    @Test
    void saysNothingOfLimitsInTheShadowAndFlagsSoftOnes() {
        HttpHeaders headers = headers(
                List.of(
                        Limits.of("trial", new CalendarWindow(Period.DAY, 1), Mode.SHADOW),
                        Limits.of("plan", new CalendarWindow(Period.DAY, 1), Mode.SOFT)),
                2);
        assertThat(headers.getFirst("RateLimit-Policy")).isEqualTo("\"plan\";q=1;w=86400");
        assertThat(headers.getFirst("RateLimit")).isEqualTo("\"plan\";r=0;t=30;sluice-over");
        assertThat(headers(List.of(Limits.of("trial", new Gcra(1, 1), Mode.SHADOW)), 1)
                        .isEmpty())
                .isTrue();
    }

    private static HttpHeaders headers(List<Limit> limits, long cost) {
        HttpHeaders headers = new HttpHeaders();
        RateLimitHeaders.write(decide(limits, cost), headers);
        return headers;
    }

    private static LimitDecision decide(List<Limit> limits, long cost) {
        return LimitDecision.decide(limits, Limits.unused(limits), cost, NOW);
    }
}
