package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.query.LivePlace.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LivePlaceTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant NOW = Instant.parse("2026-03-15T10:20:33Z");

    @Test
    void beginsWithTheWindowThatEndedLast() {
        LivePlace place = LivePlace.latest(TEN_SECONDS, NOW);
        assertThat(place.next()).isEqualTo(Instant.parse("2026-03-15T10:20:20Z"));
        assertThat(LivePlace.behind(place.at(place.next().plusSeconds(10)).id(), NOW))
                .contains(place.at(Instant.parse("2026-03-15T10:20:30Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PT10S",
                "PT10S.",
                "PT10S.-10",
                "PT10S.1773569435",
                "PT1M.1773569430",
                "PT1H.1773568800",
                "PT10S.1773569430 ",
                "PT10S.99999999990",
                "PT10S.999999999999999999990"
            })
    void refusesWhatIsNoIdOfAWindow(String id) {
        assertThat(LivePlace.behind(id, NOW)).isEmpty();
    }

    @Test
    void saysFromWhereToWhereNothingIsKept() {
        LivePlace place =
                new LivePlace(TEN_SECONDS, NOW.minus(Duration.ofHours(5)).minusSeconds(3));
        Turn turn = place.turn(NOW, HOUR);
        assertThat(turn.missedFrom()).contains(place.next());
        assertThat(turn.from())
                .isAfter(NOW.minus(HOUR))
                .isBefore(NOW.minus(HOUR).plusSeconds(21));
    }

    /** Whatever the clock does, each window is told once, in order, when it is over. */
    @Test
    void tellsEachWindowOnce() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Instant completeTo = NOW;
            LivePlace place = LivePlace.latest(TEN_SECONDS, completeTo);
            Instant first = place.next();
            List<Instant> told = new ArrayList<>();
            for (int step = 0; step < 50; step++) {
                completeTo = completeTo.plusMillis(random.nextInt(-2_000, 90_000));
                if (random.nextInt(5) == 0 && !told.isEmpty()) {
                    place = LivePlace.behind(place.id(), completeTo.plusSeconds(3))
                            .orElseThrow();
                }
                Turn turn = place.turn(completeTo, HOUR);
                assertThat(turn.missedFrom()).isEmpty();
                for (Instant start = turn.from(); start.isBefore(turn.to()); start = start.plus(TEN_SECONDS)) {
                    assertThat(start.plus(TEN_SECONDS)).isBeforeOrEqualTo(completeTo);
                    told.add(start);
                }
                assertThat(Duration.between(turn.from(), turn.to()).dividedBy(TEN_SECONDS))
                        .isLessThanOrEqualTo(LivePlace.MOST_AT_ONCE);
                place = place.at(turn.to());
            }
            List<Instant> expected = new ArrayList<>();
            for (int i = 0; i < told.size(); i++) {
                expected.add(first.plusSeconds(10L * i));
            }
            assertThat(told).as("seed " + seed).isEqualTo(expected);
            assertThat(new TreeSet<>(told)).hasSameSizeAs(told);
        }
    }
}
