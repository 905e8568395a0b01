package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.platform.test.Randomness;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The counter against the text of the date: what has the same prefix is in the same window. */
class CalendarWindowPropertyTest {

    private static final Map<Period, Integer> PREFIX_LENGTH = Map.of(
            Period.MONTH, "2026-01".length(),
            Period.DAY, "2026-01-01".length(),
            Period.HOUR, "2026-01-01T00".length(),
            Period.MINUTE, "2026-01-01T00:00".length());

    private final Random random = Randomness.seeded();

    @Test
    void admitsExactlyTheQuotaOfEachWindow() {
        for (int run = 0; run < 200; run++) {
            Period period = Limits.oneOf(random, Period.values());
            CalendarWindow window = new CalendarWindow(period, random.nextInt(1, 20));
            Map<String, Long> admitted = new HashMap<>();
            LimitState state = LimitState.NONE;
            long now = Limits.micros("2023-12-31T23:50:00Z");
            for (int i = 0; i < 200; i++) {
                now += Limits.randomStep(random);
                long cost = random.nextInt(1, 4);
                String name = name(period, now);
                long used = admitted.getOrDefault(name, 0L);
                LimitState settled = window.settle(state, now);
                assertThat(window.used(settled)).isEqualTo(used);
                assertThat(window.remaining(settled)).isEqualTo(window.quota() - used);
                assertThat(window.admits(settled, cost)).isEqualTo(used + cost <= window.quota());
                if (window.admits(settled, cost)) {
                    state = window.charge(settled, cost);
                    admitted.put(name, used + cost);
                }
            }
        }
    }

    @Test
    void endsWhereTheNextWindowBegins() {
        for (int run = 0; run < 5_000; run++) {
            Period period = Limits.oneOf(random, Period.values());
            CalendarWindow window = new CalendarWindow(period, 10);
            long now = random.nextLong(Limits.micros("1999-12-31T00:00:00Z"), Limits.micros("2101-03-02T00:00:00Z"));
            LimitState used = window.charge(window.settle(LimitState.NONE, now), 10);
            long end = now + window.microsUntilAdmitted(used, 1, now);
            assertThat(name(period, end)).isNotEqualTo(name(period, now));
            assertThat(name(period, end - 1)).isEqualTo(name(period, now));
            assertThat(window.windowSeconds(used) * 1_000_000).isEqualTo(end - used.since());
        }
    }

    @Test
    void doesNotGiveAQuotaOutTwiceWhenTheClockStepsBackOverTheStartOfAWindow() {
        CalendarWindow daily = new CalendarWindow(Period.DAY, 10);
        long midnight = Limits.micros("2026-02-01T00:00:00Z");
        LimitState used = daily.charge(daily.settle(LimitState.NONE, midnight), 10);
        LimitState back = daily.settle(used, midnight - 1_000);
        assertThat(daily.admits(back, 1)).isFalse();
        assertThat(daily.microsUntilMore(back, midnight - 1_000)).isEqualTo(86_400_001_000L);
    }

    @Test
    void believesAClockThatWasFarAhead() {
        CalendarWindow hourly = new CalendarWindow(Period.HOUR, 10);
        LimitState ahead = hourly.charge(hourly.settle(LimitState.NONE, Limits.micros("2031-02-01T00:00:00Z")), 10);
        assertThat(hourly.admits(hourly.settle(ahead, Limits.micros("2026-02-01T00:00:00Z")), 1))
                .isTrue();
    }

    private static String name(Period period, long micros) {
        return Instant.EPOCH
                .plus(micros, ChronoUnit.MICROS)
                .toString()
                .substring(0, PREFIX_LENGTH.getOrDefault(period, 0));
    }
}
