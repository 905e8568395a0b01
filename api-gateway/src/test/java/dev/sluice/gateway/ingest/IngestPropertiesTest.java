package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.PropertiesBinding;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class IngestPropertiesTest {

    private static final String PREFIX = "sluice.gateway.ingest";
    private static final PropertiesBinding<IngestProperties> PROPERTIES =
            new PropertiesBinding<>(PREFIX, IngestProperties.class);

    @Test
    void hasDefaults() {
        assertThat(PROPERTIES.bind(Map.of()))
                .isEqualTo(new IngestProperties(
                        DataSize.ofKilobytes(256),
                        DataSize.ofMegabytes(1),
                        1_000,
                        DataSize.ofMegabytes(32),
                        Duration.ofMillis(4_500),
                        Duration.ofHours(24),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1),
                        8));
    }

    @Test
    void bindsEveryProperty() {
        assertThat(PROPERTIES.bind(Map.of(
                        PREFIX + ".max-event-size", "1KB",
                        PREFIX + ".max-batch-size", "2KB",
                        PREFIX + ".max-batch-events", "7",
                        PREFIX + ".max-bytes-in-flight", "3KB",
                        PREFIX + ".ack-timeout", "3s",
                        PREFIX + ".idempotency-window", "1h",
                        PREFIX + ".claim-lease", "40s",
                        PREFIX + ".claim-deadline", "20ms",
                        PREFIX + ".max-imports", "3")))
                .isEqualTo(new IngestProperties(
                        DataSize.ofKilobytes(1),
                        DataSize.ofKilobytes(2),
                        7,
                        DataSize.ofKilobytes(3),
                        Duration.ofSeconds(3),
                        Duration.ofHours(1),
                        Duration.ofSeconds(40),
                        Duration.ofMillis(20),
                        3));
    }

    @ParameterizedTest
    @CsvSource({
        "max-event-size, 0",
        "max-batch-size, 1KB",
        "max-batch-events, 0",
        "max-bytes-in-flight, 1KB",
        "ack-timeout, 0s",
        "ack-timeout, -1s",
        "claim-lease, 0s",
        "claim-deadline, 0s",
        "max-imports, 0",
        "idempotency-window, 29s"
    })
    void refusesWhatMakesNoSenseByName(String name, String value) {
        PROPERTIES.assertRefuses(name, value);
    }
}
