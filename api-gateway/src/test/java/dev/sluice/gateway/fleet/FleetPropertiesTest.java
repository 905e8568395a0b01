package dev.sluice.gateway.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FleetPropertiesTest {

    @Test
    void listensForTwoHeartbeatsBeforeItKnowsAll() {
        assertThat(new FleetProperties(Duration.ofMillis(300), Duration.ofSeconds(1)).settling())
                .isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void namesThePropertyThatCannotBe() {
        assertThatThrownBy(() -> new FleetProperties(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("sluice.gateway.fleet.heartbeat");
        assertThatThrownBy(() -> new FleetProperties(Duration.ofSeconds(1), Duration.ofSeconds(2)))
                .hasMessageContaining("sluice.gateway.fleet.silence");
    }
}
