package dev.sluice.webhook.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictQuery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

/** What a query chooses by how was answered. */
class HistoryQueryTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "503, 503, true",
        "503, 500, false",
        "5xx, 500, true",
        "5xx, 599, true",
        "5xx, 499, false",
        "2xx, 204, true",
        "9xx, 999, true",
        "none, , true",
        "none, 200, false",
        "5xx, , false",
        "503, , false"
    })
    void choosesByWhatWasAnswered(String status, @Nullable Integer answered, boolean wanted) {
        assertThat(wants("status=" + status, answered)).isEqualTo(wanted);
        assertThat(wants("state=dead&status=" + status, answered)).isEqualTo(wanted);
        assertThat(wants("state=retrying&status=" + status, answered)).isFalse();
    }

    @Test
    void withoutAWishEverythingIsWanted() {
        assertThat(wants("", null)).isTrue();
        assertThat(wants("", 302)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "50", "5000", "0xx", "5XX", "xx", "5x", "ok", "None", "-1", "5xx,4xx", "%D9%A5xx"})
    void whatIsNoStatusIsRefused(String status) {
        assertThatThrownBy(() -> query("status=" + status)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.type()).isEqualTo(ProblemType.INVALID_PARAMETER);
            assertThat(problem.field()).isEqualTo("status");
            assertThat(problem.detail()).contains("5xx");
        });
    }

    private static boolean wants(String query, @Nullable Integer answered) {
        return query(query).wants(new Position(NOW, "msg_1", 1), "order.created", State.DEAD, answered);
    }

    private static HistoryQuery query(String query) {
        MockServerHttpRequest request = MockServerHttpRequest.get("/attempts" + (query.isEmpty() ? "" : "?" + query))
                .build();
        return HistoryQuery.of(StrictQuery.of(request), NOW);
    }
}
