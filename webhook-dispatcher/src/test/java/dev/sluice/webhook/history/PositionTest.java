package dev.sluice.webhook.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    @Test
    void itsCursorLeadsBackToIt() {
        Position position = new Position(Instant.parse("2026-01-01T00:00:00.123456789Z"), "msg_2abZ", 7);
        assertThat(Position.parse(position.cursor())).contains(position);
        assertThat(position.at()).isEqualTo(Instant.parse("2026-01-01T00:00:00.123456Z"));
    }

    @Test
    void noTwoOfOneMomentAreTheSame() {
        Instant at = Instant.EPOCH;
        assertThat(new Position(at, "msg_a", 1)).isLessThan(new Position(at, "msg_b", 1));
        assertThat(new Position(at, "msg_a", 1)).isLessThan(new Position(at, "msg_a", 2));
        assertThat(new Position(at, "msg_b", 2)).isLessThan(new Position(at.plusNanos(1_000), "msg_a", 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "1",
                "1-msg_a",
                "1-msg_a-",
                "-1-msg_a-1",
                "1-msg.a-1",
                "1-msg_a-9999999999",
                "999999999999999999999-msg_a-1",
                "1-msg_a-1\n",
                "٣-msg_a-1"
            })
    void whatIsNoCursorIsNone(String text) {
        assertThat(Position.parse(text)).isEmpty();
    }
}
