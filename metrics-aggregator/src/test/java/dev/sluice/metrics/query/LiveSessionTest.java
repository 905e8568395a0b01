package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.query.LiveSession.End;
import dev.sluice.platform.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LiveSessionTest {

    private static final Instant START = Instant.parse("2026-03-15T10:00:00Z");
    private static final LiveProperties TERMS =
            new LiveProperties(Duration.ofSeconds(60), Duration.ofSeconds(4), Duration.ofSeconds(20), 2, 3);

    private final LiveSession session = new LiveSession(TERMS, LivePlace.latest(Duration.ofSeconds(10), START), START);

    @Test
    void lastsForAWhileAndThenItsClientComesAgain() {
        assertThat(session.end(START.plusSeconds(59), true, true)).isEmpty();
        assertThat(session.end(START.plusSeconds(60), true, true)).contains(End.RENEW);
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void whoTakesNothingIsCutOff() {
        assertThat(session.end(START.plusSeconds(1), false, true)).isEmpty();
        assertThat(session.isTaking()).as("nothing is made for it").isFalse();
        assertThat(session.end(START.plusSeconds(20), false, true)).isEmpty();
        assertThat(session.end(START.plusSeconds(21), false, true)).contains(End.SLOW_READER);
    }

    @Test
    void whoTakesAgainGoesOn() {
        assertThat(session.end(START.plusSeconds(1), false, true)).isEmpty();
        assertThat(session.end(START.plusSeconds(20), true, true)).isEmpty();
        assertThat(session.isTaking()).isTrue();
        assertThat(session.end(START.plusSeconds(39), false, true)).isEmpty();
        assertThat(session.end(START.plusSeconds(58), false, true)).isEmpty();
    }

    @Test
    void endsWithTheProcess() {
        assertThat(session.end(START.plusSeconds(1), true, false)).contains(End.SHUTDOWN);
    }

    @Test
    void saysThatItIsThere() {
        assertThat(session.isSilent(START.plusSeconds(3))).isFalse();
        assertThat(session.isSilent(START.plusSeconds(4))).isTrue();
        session.said(START.plusSeconds(4));
        assertThat(session.isSilent(START.plusSeconds(7))).isFalse();
    }

    @Test
    void noTenantHasMoreThanItMayNorAllTogether() {
        LiveStreams streams = new LiveStreams(2, 3);
        streams.enter("a");
        streams.enter("a");
        assertThatThrownBy(() -> streams.enter("a"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type().code()).isEqualTo("too_many_streams"));
        streams.enter("b");
        assertThatThrownBy(() -> streams.enter("c"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.type().status()).isEqualTo(503));
        streams.leave("a");
        streams.enter("c");
        assertThat(streams.size()).isEqualTo(3);
    }
}
