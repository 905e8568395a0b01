package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Kafka is not there: the process starts all the same, says what it waits for, and asks clients to come back. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.kafka.bootstrap-servers=127.0.0.1:1",
            "sluice.internal.secret=" + WithoutKafkaTest.SECRET,
            "management.server.port=0",
        })
class WithoutKafkaTest {
    static final String SECRET = "an internal secret of enough bytes for tests";

    @Value("${local.server.port}")
    private int port;

    @Value("${local.management.port}")
    private int managementPort;

    @Test
    void asksToComeBackInsteadOfAnsweringWithZeros() {
        String token = new IdentityToken(SECRET, InstantSource.system())
                .sign(new Identity("acme", "key-1", "free", Set.of("metrics:read")));
        client(port)
                .get()
                .uri("/api/v1/cache/stats")
                .header(IdentityToken.HEADER, token)
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .valueEquals("Retry-After", "2")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("unavailable")
                .jsonPath("$.detail")
                .isEqualTo("Try again in 2 seconds; the windows are not ready: waiting for topics.");
    }

    @Test
    void isAliveButNotReadyAndSaysWhy() {
        client(managementPort)
                .get()
                .uri("/actuator/health/liveness")
                .exchange()
                .expectStatus()
                .isOk();
        client(managementPort)
                .get()
                .uri("/actuator/health/readiness")
                .exchange()
                .expectStatus()
                .isEqualTo(503)
                .expectBody(String.class)
                .value(body -> assertThat(body).contains("waits for Kafka").contains("WAITING_FOR_TOPICS"));
    }

    private static WebTestClient client(int port) {
        return WebTestClient.bindToServer().baseUrl("http://127.0.0.1:" + port).build();
    }
}
