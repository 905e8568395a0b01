package dev.sluice.platform.telemetry.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.telemetry.health.HealthCheck.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What checks say when nobody answers. */
class NobodyThereTest {

    @Test
    void redisIsAFailureAndNoBrokenCheck() throws Exception {
        LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", freePort());
        connections.afterPropertiesSet();
        connections.start();
        try {
            assertThat(new RedisCheckConfiguration()
                            .redisHealthCheck(connections)
                            .check())
                    .isEqualTo(Finding.failing("Redis does not answer"));
        } finally {
            connections.destroy();
        }
    }

    @Test
    void kafkaIsAFailureAndNoBrokenCheck() throws Exception {
        Binder nothingSet = new Binder(new MapConfigurationPropertySource(Map.of()));
        KafkaClients clients = new KafkaClients(
                Map.of("bootstrap.servers", "127.0.0.1:" + freePort()),
                Map.of(),
                Map.of(),
                nothingSet.bindOrCreate("sluice.kafka", PlatformKafkaProperties.class));
        try (KafkaChecks checks = new KafkaChecks(
                clients,
                nothingSet.bindOrCreate("sluice.health-checks", HealthCheckProperties.class),
                InstantSource.system())) {
            assertThat(checks.cluster().check().isWell()).isFalse();
            assertThat(checks.lag("group", List.of("topic")).check().detail()).contains("Kafka has not answered");
        }
    }

    @Test
    void whatKafkaRefusesIsNotTakenForSilence() {
        assertThat(KafkaChecks.unanswered(new GroupAuthorizationException("secret-group"))
                        .detail())
                .contains("refuses: GroupAuthorizationException")
                .doesNotContain("secret-group");
        assertThat(KafkaChecks.unanswered(new TimeoutException("at 10.0.0.1:9092"))
                        .detail())
                .contains("has not answered")
                .doesNotContain("10.0.0.1");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
