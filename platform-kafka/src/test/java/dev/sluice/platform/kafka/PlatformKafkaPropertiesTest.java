package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class PlatformKafkaPropertiesTest {
    @Test
    void hasDefaultsForASingleBroker() {
        assertThat(TestPlatform.properties(Map.of()))
                .isEqualTo(new PlatformKafkaProperties(
                        (short) 1,
                        1,
                        null,
                        true,
                        DataSize.ofMegabytes(1),
                        10_000,
                        DataSize.ofMegabytes(32),
                        Duration.ofSeconds(5)));
    }

    @Test
    void takesEveryProperty() {
        assertThat(TestPlatform.properties(Map.of(
                        "replication-factor", "3",
                        "min-insync-replicas", "2",
                        "max-partitions", "4",
                        "provision", "false",
                        "max-record-size", "2MB",
                        "queued-records", "7",
                        "queued-bytes", "8KB",
                        "queue-time", "9s")))
                .isEqualTo(new PlatformKafkaProperties(
                        (short) 3,
                        2,
                        4,
                        false,
                        DataSize.ofMegabytes(2),
                        7,
                        DataSize.ofKilobytes(8),
                        Duration.ofSeconds(9)));
    }

    @ParameterizedTest
    @CsvSource({
        "replication-factor, 0",
        "min-insync-replicas, 0",
        "min-insync-replicas, 2",
        "max-partitions, 0",
        "max-record-size, 1023B",
        "max-record-size, 65MB",
        "queued-records, 0",
        "queued-bytes, 0B",
        "queue-time, 0s"
    })
    void namesThePropertyThatIsWrong(String name, String value) {
        assertThatThrownBy(() -> TestPlatform.properties(Map.of(name, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sluice.kafka." + name);
    }
}
