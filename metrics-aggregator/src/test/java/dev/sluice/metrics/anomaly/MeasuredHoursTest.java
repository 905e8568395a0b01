package dev.sluice.metrics.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuredHoursTest {
    private static final Instant RUNNING = Instant.parse("2026-03-18T20:00:00Z");
    private static final Watched FEED = new Watched("acme", "namespace", "feed", Measure.HIT_RATE);

    private final MeasuredHours hours = new MeasuredHours();

    @Test
    void asksForEachHourOnceAndNotForThoseThatAreJudged() {
        assertThat(hours.missing(RUNNING))
                .doesNotContain(RUNNING, RUNNING.minus(1, ChronoUnit.HOURS))
                .contains(RUNNING.minus(2, ChronoUnit.HOURS), RUNNING.minus(28, ChronoUnit.DAYS));
        hours.missing(RUNNING).forEach(hour -> hours.put(hour, Map.of(FEED, 0.5)));
        assertThat(hours.missing(RUNNING)).isEmpty();
        assertThat(hours.missing(RUNNING.plus(1, ChronoUnit.HOURS))).hasSize(28);
    }

    @Test
    void forgetsWhatSaysNothingAnyMore() {
        Instant dayAgo = RUNNING.minus(25, ChronoUnit.HOURS);
        hours.put(dayAgo, Map.of(FEED, 0.5));
        assertThat(hours.of(FEED)).containsOnlyKeys(dayAgo);
        hours.missing(RUNNING.plus(3, ChronoUnit.HOURS));
        assertThat(hours.of(FEED)).isEmpty();
    }
}
