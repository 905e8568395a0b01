package dev.sluice.cache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.RedisServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFleetTest {

    private static final RedisServer SILENT = new RedisServer("c:3", false, Map.of());

    @Test
    void addsUpWhatMastersSay() {
        RedisFleet fleet = new RedisFleet(
                List.of(server("master", 10, 100, 7), server("slave", 10, 100, 3), SILENT, server("master", 5, 20, 4)));

        assertThat(fleet.keys()).contains(15L);
        assertThat(fleet.usedMemory()).contains(120L);
        assertThat(fleet.leastUptime()).contains(4L);
        assertThat(fleet.version()).contains("8.0.1");
        assertThat(fleet.mode()).contains("cluster");
        assertThat(fleet.status()).isEqualTo("partly");
    }

    @Test
    void saysNothingWhereNobodyAnswers() {
        RedisFleet fleet = new RedisFleet(List.of(SILENT, SILENT));

        assertThat(fleet.status()).isEqualTo("down");
        assertThat(fleet.keys()).isEmpty();
        assertThat(fleet.usedMemory()).isEmpty();
        assertThat(fleet.leastUptime()).isEmpty();
        assertThat(fleet.version()).isEmpty();
        assertThat(new RedisFleet(List.of(server("master", 1, 1, 1))).status()).isEqualTo("up");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0B",
        "1023,1023B",
        "1024,1.00K",
        "1536,1.50K",
        "1048576,1.00M",
        "3221225472,3.00G",
        "1099511627776,1.00T",
        "1152921504606846976,1024.00P"
    })
    void writesBytesAsRedisDoes(long bytes, String text) {
        assertThat(RedisFleet.human(bytes)).isEqualTo(text);
    }

    private static RedisServer server(String role, long keys, long memory, long uptime) {
        return new RedisServer(
                "a:1",
                true,
                Map.of(
                        "role",
                        role,
                        "db0",
                        "keys=" + keys + ",expires=0",
                        "used_memory",
                        Long.toString(memory),
                        "uptime_in_seconds",
                        Long.toString(uptime),
                        "redis_version",
                        "8.0.1",
                        "redis_mode",
                        "cluster"));
    }
}
