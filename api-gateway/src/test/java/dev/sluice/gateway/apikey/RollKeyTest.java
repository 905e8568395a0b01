package dev.sluice.gateway.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.web.ProblemException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RollKeyTest {

    @Test
    void overlapsForADayWhenNothingIsSaid() {
        assertThat(new RollKey(null).parsedOverlap()).isEqualTo(Duration.ofHours(24));
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0", "PT1M30S, 90", "P30D, 2592000"})
    void takesAnythingFromNowToThirtyDays(String overlap, long seconds) {
        assertThat(new RollKey(overlap).parsedOverlap()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "24h", "P1M", "-PT1S", "P30DT1S", "PT99999999999999999999S", "0"})
    void refusesWhatIsNoSuchTime(String overlap) {
        assertThatThrownBy(() -> new RollKey(overlap).parsedOverlap())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.field()).isEqualTo("overlap"));
    }
}
