package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryWindowTest {
    @ParameterizedTest
    @ValueSource(strings = {"PT1M", "PT1H", "PT90M", "PT24H", "P1D"})
    void acceptsWholeMinutesUpToADay(String text) {
        assertThat(QueryWindow.parse(text).length()).isEqualTo(Duration.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1h",
                "PT",
                "PT0S",
                "PT59S",
                "PT90S",
                "PT1M0.5S",
                "PT24H1M",
                "P2D",
                "-PT1H",
                "PT-5M",
                "PT1H ",
                "PT99999999999999999999H",
                "PT٣M"
            })
    void refusesEverythingElseAndSaysWhatIsRight(String text) {
        assertThatThrownBy(() -> QueryWindow.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("between PT1M and PT24H");
    }

    @Test
    void coversTheMinuteInWhichItBegins() {
        Instant now = Instant.parse("2026-01-01T10:20:30.5Z");
        assertThat(QueryWindow.parse("PT1M").from(now)).isEqualTo(Instant.parse("2026-01-01T10:19:00Z"));
        assertThat(QueryWindow.DEFAULT.from(now)).isEqualTo(Instant.parse("2026-01-01T09:20:00Z"));
    }
}
