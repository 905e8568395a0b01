package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.route.HealthCheck;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetHealthTest {

    /** After each check, + for passed and - for failed, the target is u(p) or d(own). */
    @ParameterizedTest
    @CsvSource({
        "++++, uuuu",
        "---, uud",
        "--+--+--, uuuuuuuu",
        "---+-++, uuddddu",
        "---++--, uudduuu",
        "---++---, uudduuud"
    })
    void countsInARow(String checks, String expected) {
        TargetHealth health =
                new TargetHealth(new HealthCheck(Optional.of("/"), Duration.ofSeconds(1), Duration.ofSeconds(1), 3, 2));
        StringBuilder states = new StringBuilder();
        for (int i = 0; i < checks.length(); i++) {
            if (checks.charAt(i) == '+') {
                health.passed();
            } else {
                health.failed();
            }
            states.append(health.isUp() ? 'u' : 'd');
        }
        assertThat(states).hasToString(expected);
    }
}
