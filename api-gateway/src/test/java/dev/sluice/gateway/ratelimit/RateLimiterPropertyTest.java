package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.FakeSharedLimits.Mood;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.Randomness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One gateway alone never admits more than a limit, whatever becomes of the shared counts. */
class RateLimiterPropertyTest {

    private static final Duration PATIENCE = Duration.ofMillis(20);

    private final Random random = Randomness.seeded();

    @Test
    void neverAdmitsMoreThanALimitThoughTheSharedCountsFailAndForget() {
        for (int run = 0; run < 40; run++) {
            new Run(random.nextBoolean()).check();
        }
    }

    private final class Run {

        private final FakeClock clock = FakeClock.fixed();
        private final FakeSharedLimits shared = new FakeSharedLimits(clock);
        private final TestGateway gateway = RateLimiters.gateway(shared, clock, PATIENCE, new SimpleMeterRegistry());
        private final CalendarWindow window =
                new CalendarWindow(random.nextBoolean() ? Period.MINUTE : Period.HOUR, random.nextInt(5, 1_500));
        private final Gcra gcra = new Gcra(random.nextInt(1, 300), random.nextInt(5, 1_500));
        private final Map<Long, Long> byWindow = new HashMap<>();
        private final Admissions rated = new Admissions();
        private final List<List<Limit>> groups;
        private final boolean forgets;

        Run(boolean forgets) {
            this.forgets = forgets;
            Limit quota = Limits.of("quota", window, Mode.ENFORCE);
            Limit rate = Limits.of("rate", gcra, Mode.ENFORCE);
            groups = List.of(List.of(quota), List.of(rate), List.of(rate, quota));
        }

        void check() {
            for (int i = 0; i < 2_000; i++) {
                clock.advance(Duration.ofNanos(
                        random.nextInt(200) == 0 ? random.nextLong(20_000_000_000L) : random.nextLong(4_000_000)));
                if (random.nextInt(40) == 0) {
                    shared.turn(random.nextInt(3) == 0 ? Mood.FAILS : Mood.ANSWERS);
                }
                if (random.nextInt(20) == 0) {
                    gateway.watch().look().onErrorComplete().block();
                }
                if (forgets && random.nextInt(400) == 0) {
                    shared.forget();
                }
                request(groups.get(random.nextInt(groups.size())));
            }
            assertThat(byWindow.values())
                    .as("%s %s forgets %s", window, gcra, forgets)
                    .allSatisfy(sum -> assertThat(sum).isLessThanOrEqualTo(window.quota()));
            if (!forgets) {
                rated.assertWithin(gcra.quota(), gcra.burst());
            }
        }

        private void request(List<Limit> limits) {
            boolean admits = gateway.limiter()
                    .decide("acme", limits, 1)
                    .blockOptional()
                    .orElseThrow()
                    .verdict()
                    .admits();
            if (!admits) {
                return;
            }
            long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
            for (Limit limit : limits) {
                if (limit.algorithm() instanceof CalendarWindow calendar) {
                    byWindow.merge(calendar.period().startOf(now), 1L, Long::sum);
                } else {
                    rated.add(now, now);
                }
            }
        }
    }
}
