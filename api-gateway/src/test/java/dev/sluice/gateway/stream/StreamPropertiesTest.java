package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.PropertiesBinding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class StreamPropertiesTest {

    private static final String PREFIX = "sluice.gateway.stream.";
    private static final PropertiesBinding<StreamProperties> PROPERTIES =
            new PropertiesBinding<>("sluice.gateway.stream", StreamProperties.class);

    @Test
    void hasDefaults() {
        StreamProperties properties = PROPERTIES.bind(Map.of());
        assertThat(properties.heartbeat()).isEqualTo(Duration.ofSeconds(10));
        assertThat(properties.retry()).isEqualTo(Duration.ofSeconds(2));
        assertThat(properties.bufferEvents()).isEqualTo(1_000);
        assertThat(properties.bufferSize()).isEqualTo(DataSize.ofKilobytes(512));
        assertThat(properties.maxBuffered()).isEqualTo(DataSize.ofMegabytes(32));
        assertThat(properties.maxStreams()).isEqualTo(2_000);
        assertThat(properties.maxStreamsPerTenant()).isEqualTo(200);
        assertThat(properties.maxStreamsPerKey()).isEqualTo(50);
        assertThat(properties.stallTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(properties.openTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(properties.allowedOrigins()).isEmpty();
        assertThat(properties.pastReaders()).isEqualTo(2);
    }

    @Test
    void mapsEveryProperty() {
        StreamProperties properties = PROPERTIES.bind(Map.ofEntries(
                Map.entry(PREFIX + "heartbeat", "3s"),
                Map.entry(PREFIX + "retry", "4s"),
                Map.entry(PREFIX + "buffer-events", "5"),
                Map.entry(PREFIX + "buffer-size", "6KB"),
                Map.entry(PREFIX + "max-buffered", "7KB"),
                Map.entry(PREFIX + "max-streams", "13"),
                Map.entry(PREFIX + "max-streams-per-tenant", "12"),
                Map.entry(PREFIX + "max-streams-per-key", "11"),
                Map.entry(PREFIX + "stall-timeout", "8s"),
                Map.entry(PREFIX + "open-timeout", "9s"),
                Map.entry(PREFIX + "allowed-origins", "https://a.example,https://b.example"),
                Map.entry(PREFIX + "past-readers", "10")));
        assertThat(properties)
                .isEqualTo(new StreamProperties(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        5,
                        DataSize.ofKilobytes(6),
                        DataSize.ofKilobytes(7),
                        13,
                        12,
                        11,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9),
                        List.of("https://a.example", "https://b.example"),
                        10));
    }

    @ParameterizedTest
    @CsvSource({
        "heartbeat, 0s",
        "heartbeat, 16s",
        "retry, -1s",
        "buffer-events, 3",
        "buffer-size, 0B",
        "max-buffered, 511KB",
        "max-streams, 0",
        "max-streams-per-tenant, 0",
        "max-streams-per-key, 0",
        "stall-timeout, 0s",
        "open-timeout, 0s",
        "past-readers, 0"
    })
    void refusesWhatMakesNoSense(String name, String value) {
        assertThatThrownBy(() -> PROPERTIES.bind(Map.of(PREFIX + name, value)))
                .rootCause()
                .hasMessageContaining(PREFIX + name);
    }
}
