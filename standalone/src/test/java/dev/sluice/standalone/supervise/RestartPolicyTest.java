package dev.sluice.standalone.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartPolicyTest {

    private final RestartPolicy policy =
            new RestartPolicy(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(1));

    @Test
    void doublesTheDelayWithEveryFailure() {
        assertThat(policy.delayAfter(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.delayAfter(2)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.delayAfter(5)).isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void staysAtTheCeilingHoweverOftenItFails() {
        assertThat(policy.delayAfter(6)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.delayAfter(1_000)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.delayAfter(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void countsAServiceAsStableFromTheStatedTimeOn() {
        assertThat(policy.isStable(Duration.ofSeconds(59))).isFalse();
        assertThat(policy.isStable(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void refusesDelaysThatWouldSpin() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RestartPolicy(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .withMessageContaining("firstDelay");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new RestartPolicy(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .withMessageContaining("ceiling");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policy.delayAfter(0))
                .withMessageContaining("failures");
    }
}
