package dev.sluice.metrics.usage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.usage.UsageProperties;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.StrictQuery;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class UsageRangeTest {
    private static final Instant NOW = Instant.parse("2026-03-15T10:20:30Z");
    private static final UsageProperties KEPT = new UsageProperties(Duration.ofDays(2), Duration.ofDays(400));

    @ParameterizedTest
    @CsvSource({
        "'', DAY, 2026-02-14T00:00:00Z, 2026-03-16T00:00:00Z",
        "step=minute, MINUTE, 2026-03-15T09:21:00Z, 2026-03-15T10:21:00Z",
        "step=month, MONTH, 2025-04-01T00:00:00Z, 2026-04-01T00:00:00Z",
        "from=2026-03-01T12:00:00Z, DAY, 2026-03-01T00:00:00Z, 2026-03-16T00:00:00Z",
        "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z, DAY, 2026-03-01T00:00:00Z, 2026-03-02T00:00:00Z",
        "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00.001Z, DAY, 2026-03-01T00:00:00Z, 2026-03-03T00:00:00Z",
        "from=2026-03-15T10:00:00Z&to=2027-01-01T00:00:00Z, DAY, 2026-03-15T00:00:00Z, 2026-03-16T00:00:00Z",
        "step=minute&from=2026-03-14T10:20:30Z, MINUTE, 2026-03-14T10:20:00Z, 2026-03-15T10:21:00Z",
        "step=month&from=2025-02-09T00:00:00Z&to=2025-12-31T00:00:00Z, MONTH, 2025-02-01T00:00:00Z, 2026-01-01T00:00:00Z",
        "to=2026-01-31T00:00:00Z, DAY, 2026-01-02T00:00:00Z, 2026-01-31T00:00:00Z"
    })
    void coversWhatIsAskedForInFull(String query, UsageStep step, Instant from, Instant to) {
        assertThat(range(query)).isEqualTo(new UsageRange(step, from, to));
    }

    @ParameterizedTest
    @CsvSource({
        "step=hour, step, minute",
        "step=DAY, step, minute",
        "from=yesterday, from, 2026-01-31T00:00:00Z",
        "from=2026-03-01, from, 2026-01-31T00:00:00Z",
        "to=2026-03-01T24:00:00Z, to, 2026-01-31T00:00:00Z",
        "to=-1000000000-01-01T00:00:00Z, to, 2026-01-31T00:00:00Z",
        "from=2026-03-02T00:00:00Z&to=2026-03-02T00:00:00Z, from, before",
        "from=2026-03-16T00:00:00Z, from, before now",
        "from=2026-03-16T00:00:00Z&to=2026-03-17T00:00:00Z, from, before now",
        "from=2020-01-01T00:00:00Z, from, kept for 400 days",
        "to=2020-01-01T00:00:00Z, to, kept for 400 days",
        "step=minute&from=2026-03-13T10:00:00Z, from, kept for 2 days",
        "step=minute&from=2026-03-14T10:20:29Z, from, at most 1 days"
    })
    void refusesWithFieldAndRemedy(String query, String field, String remedy) {
        assertThatThrownBy(() -> range(query)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.field()).isEqualTo(field);
            assertThat(problem.detail()).contains(remedy);
        });
    }

    @Test
    void theRemedyOfWhatIsTooOldIsTaken() {
        assertThatThrownBy(() -> range("from=2020-01-01T00:00:00Z"))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    String remedy = problem.detail().replaceFirst(".*from (\\S+) on.*", "$1");
                    assertThat(range("from=" + remedy).from()).isEqualTo(Instant.parse(remedy));
                });
    }

    private static UsageRange range(String query) {
        return UsageRange.of(
                StrictQuery.of(MockServerHttpRequest.get("/?" + query).build()), KEPT, NOW);
    }
}
