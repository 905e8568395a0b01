package dev.sluice.metrics.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayArgumentsTest {

    @Test
    void leavesWhatIsNotItsOwnToTheSettings() {
        ReplayArguments arguments = ReplayArguments.parse(
                "--to=2026-01-02T00:00:00Z", "--sluice.metrics.topology.grace=1m", "--from=2026-01-01T00:00:00Z");
        assertThat(arguments.range())
                .isEqualTo(
                        new ReplayRange(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-02T00:00:00Z")));
        assertThat(arguments.settings()).containsExactly("--sluice.metrics.topology.grace=1m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--from=2026-01-01T00:00:00Z",
                "--from=2026-01-01T00:00:00Z --to=tomorrow",
                "--from=2026-01-01T00:00:00Z --to=2026-01-01T00:00:00Z",
                "--from=2026-01-01T00:00:00Z --from=2026-01-01T00:00:00Z --to=2026-01-02T00:00:00Z",
                "--from --to=2026-01-02T00:00:00Z",
                "yesterday"
            })
    void refusesWhatSaysNoRange(String line) {
        assertThatThrownBy(() -> ReplayArguments.parse(line.isEmpty() ? new String[0] : line.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank();
    }
}
