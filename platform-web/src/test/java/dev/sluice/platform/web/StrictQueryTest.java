package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class StrictQueryTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other=1",
                "limit=1&limit=2",
                "limit=",
                "limit",
                "limit=-1",
                "limit=0x10",
                "limit=٣",
                "limit=1001",
                "limit=99999999999"
            })
    void refusesWhatIsNotPlainlyOneKnownNumber(String query) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> query(query).only("limit").number("limit", 1, 1000))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(ProblemType.INVALID_PARAMETER))
                .satisfies(problem -> assertThat(problem.field()).isNotNull());
    }

    @Test
    void readsNumbersTextsAndDurations() {
        StrictQuery query = query("limit=20&name=a&window=PT5M").only("limit", "name", "window");
        assertThat(query.number("limit", 1, 1000)).contains(20);
        assertThat(query.text("name")).contains("a");
        assertThat(query.duration("window", Duration.ofMinutes(1), Duration.ofHours(24)))
                .contains(Duration.ofMinutes(5));
        assertThat(query.text("absent")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"window=abc", "window=PT0S", "window=-PT1H", "window=P9D", "window=1h"})
    void refusesDurationsOutOfBounds(String query) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> query(query).duration("window", Duration.ofMinutes(1), Duration.ofHours(24)))
                .withMessageContaining("PT1M");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at=now",
                "at=2026-01-01",
                "at=2026-01-01T24:00:00Z",
                "at=2026-01-01T00:00:00%2B01:00",
                "at=1969-12-31T23:59:59Z",
                "at=%2B10000-01-01T00:00:00Z"
            })
    void refusesInstantsThatAreNotPlainlyInUtcAndOfOurTime(String query) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> query(query).instant("at"))
                .withMessageContaining("2026-01-31T00:00:00Z");
    }

    @Test
    void readsInstants() {
        assertThat(query("at=2026-01-31T12:00:00.5Z").instant("at")).contains(Instant.parse("2026-01-31T12:00:00.5Z"));
        assertThat(query("at=2026-01-31T12:00:00Z").instant("absent")).isEmpty();
    }

    private static StrictQuery query(String query) {
        return StrictQuery.of(MockServerHttpRequest.get("/a?" + query).build());
    }
}
