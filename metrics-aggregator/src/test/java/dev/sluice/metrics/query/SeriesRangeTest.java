package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.topology.CacheStatsTopology;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.StrictQuery;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class SeriesRangeTest {
    private static final Instant NOW = Instant.parse("2026-03-15T10:20:30Z");

    @ParameterizedTest
    @CsvSource({
        "'', 2026-03-15T09:20:00Z, 2026-03-15T10:21:00Z",
        "interval=PT10S, 2026-03-15T10:10:30Z, 2026-03-15T10:20:30Z",
        "interval=P1D, 2026-01-14T00:00:00Z, 2026-03-16T00:00:00Z",
        "interval=PT1H&from=2026-03-14T10:30:00Z&to=2026-03-14T12:00:00Z, 2026-03-14T10:00:00Z, 2026-03-14T12:00:00Z",
        "from=2026-03-15T10:00:30Z&to=2030-01-01T00:00:00Z, 2026-03-15T10:00:00Z, 2026-03-15T10:21:00Z",
    })
    void coversInFullWhatIsAskedForUpToNow(String query, Instant from, Instant to) {
        SeriesRange range = range(query);
        assertThat(range.from()).isEqualTo(from);
        assertThat(range.to()).isEqualTo(to);
        assertThat(range.starts()).first().isEqualTo(from);
        assertThat(range.starts()).last().isEqualTo(to.minus(range.interval()));
    }

    @ParameterizedTest
    @CsvSource({
        "interval=PT5M, interval, PT10S",
        "interval=hour, interval, PT10S",
        "from=2026-03-15T10:20:30Z, from, before",
        "from=2026-03-14T09:20:30Z, from, longer interval",
        "to=2020-01-01T00:00:00Z, to, longer interval",
        "interval=P1D&from=2020-01-01T00:00:00Z, from, kept from",
        "from=2026-03-15, from, ISO 8601",
        "from=2026-03-15T10:00:00Z&to=2026-03-15T09:00:00Z, from, before",
    })
    void refusesWithFieldAndRemedy(String query, String field, String remedy) {
        assertThatThrownBy(() -> range(query)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.detail()).contains(remedy);
        });
    }

    @Test
    void noSeriesIsLongerThanItsLevelIsKept() {
        assertThat(range("interval=PT1M&from=2026-03-14T09:30:00Z").starts()).hasSize(1491);
        assertThat(range("interval=PT1H&from=2026-02-14T00:00:00Z").starts()).hasSize(707);
    }

    private static SeriesRange range(String query) {
        return SeriesRange.of(
                StrictQuery.of(MockServerHttpRequest.get("/?" + query).build()),
                CacheStatsTopology.ladderOf(TopologyHarness.PROPERTIES),
                Level.MINUTE,
                NOW);
    }
}
