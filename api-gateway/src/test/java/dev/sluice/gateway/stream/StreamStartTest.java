package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.StrictQuery;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

class StreamStartTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void beginsNowUnlessToldOtherwise() {
        assertThat(parse("", new HttpHeaders())).isEqualTo(new StreamStart.Now());
    }

    @Test
    void beginsAtATimeWithAnyOffset() {
        Instant since = Instant.parse("2026-01-31T10:00:00Z");
        assertThat(parse("since=2026-01-31T10:00:00Z", new HttpHeaders())).isEqualTo(new StreamStart.Since(since));
        assertThat(parse("since=2026-01-31T11:00:00%2B01:00", new HttpHeaders()))
                .isEqualTo(new StreamStart.Since(since));
    }

    @Test
    void beginsSomeTimeAgo() {
        assertThat(parse("since=PT5M", new HttpHeaders()))
                .isEqualTo(new StreamStart.Since(NOW.minus(Duration.ofMinutes(5))));
    }

    @Test
    void theHeaderOfABrowserThatConnectsAgainComesFirst() {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Last-Event-ID", "header");
        assertThat(tokenOf(parse("lastEventId=query", headers))).isEqualTo("header");
        assertThat(tokenOf(parse("since=PT5M", headers))).isEqualTo("header");
        assertThat(tokenOf(parse("lastEventId=query", new HttpHeaders()))).isEqualTo("query");
    }

    @Test
    void anEmptyHeaderIsNone() {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Last-Event-ID", "");
        assertThat(parse("", headers)).isEqualTo(new StreamStart.Now());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "PT-5M",
                "-PT5M",
                "P",
                "2026-01-31",
                "2026-01-31T10:00:00",
                "2026-02-31T10:00:00Z",
                "2026-01-31T12:00:01Z",
                "P999999999D",
                "1738317600"
            })
    void refusesWhatIsNoTimeThatHasPassed(String since) {
        assertField("since=" + since, new HttpHeaders(), "since");
    }

    @Test
    void refusesTwoBeginnings() {
        assertField("since=PT5M&lastEventId=a", new HttpHeaders(), "since");
        HttpHeaders twice = new HttpHeaders();
        twice.add("Last-Event-ID", "a");
        twice.add("Last-Event-ID", "b");
        assertField("", twice, "Last-Event-ID");
    }

    private static void assertField(String query, HttpHeaders headers, String field) {
        assertThatThrownBy(() -> parse(query, headers))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.field()).isEqualTo(field));
    }

    private static String tokenOf(StreamStart start) {
        return start instanceof StreamStart.Behind behind ? behind.token() : start.toString();
    }

    private static StreamStart parse(String query, HttpHeaders headers) {
        MockServerHttpRequest request = MockServerHttpRequest.method(HttpMethod.GET, URI.create("/?" + query))
                .build();
        return StreamStart.parse(headers, StrictQuery.of(request).only("since", "lastEventId"), NOW);
    }
}
