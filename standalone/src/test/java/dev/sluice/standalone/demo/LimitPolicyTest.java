package dev.sluice.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class LimitPolicyTest {

    private static final LimitPolicy RATE = new LimitPolicy("rate", 10, Duration.ofSeconds(1), 20);
    private static final LimitPolicy DAY = new LimitPolicy("charts-day", 50, Duration.ofDays(1), 50);

    @Test
    void readsEveryLimitOfTheHeader() {
        assertThat(LimitPolicy.parse("\"rate\";q=10;w=1;sluice-burst=20, \"charts-day\";q=50;w=86400"))
                .containsExactly(RATE, DAY);
    }

    @Test
    void findsNoLimitInAnythingElse() {
        assertThat(LimitPolicy.parse("")).isEmpty();
        assertThat(LimitPolicy.parse("rate: 10")).isEmpty();
    }

    @Test
    void readsTheSameFromTheTier() {
        var limits = JsonMapper.shared().readTree("""
                [{"name":"rate","group":"*","window":"second","quota":10,"burst":20},
                 {"name":"charts-day","group":"charts","window":"day","quota":50,"burst":50}]""");

        assertThat(limits.valueStream().map(LimitPolicy::of)).containsExactly(RATE, DAY);
    }

    @Test
    void admitsTheBurstAndTheRateOfTheTime() {
        assertThat(RATE.mostIn(Duration.ZERO)).isEqualTo(20);
        assertThat(RATE.mostIn(Duration.ofMillis(99))).isEqualTo(20);
        assertThat(RATE.mostIn(Duration.ofMillis(100))).isEqualTo(21);
        assertThat(RATE.mostIn(Duration.ofMillis(5_250))).isEqualTo(72);
    }

    @Test
    void admitsTheQuotaOfEachCalendarWindowThatTheTimeMayTouch() {
        assertThat(DAY.mostIn(Duration.ofSeconds(5))).isEqualTo(100);
        assertThat(DAY.mostIn(Duration.ofHours(25))).isEqualTo(150);
    }
}
