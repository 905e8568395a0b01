package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.IdentityToken;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cache/stats?window=PT90S",
                "cache/stats/series?interval=PT2M",
                "cache/stats/series?format=xml",
                "cache/stats/patterns?limit=0",
                "cache/stats/top-keys?window=1h",
                "cache/stats/low-performers?window=PT90S",
                "cache/stats/low-performers?namespace=%00",
                "cache/stats/low-performers?threshold=2",
                "cache/stats/miss-ratio-curve",
                "cache/stats/ttl-advice?namespace=feed&window=PT90M",
                "cache/health?window=P2D",
                "monitoring/metrics?format=xml",
                "monitoring/events?from=2026-01-01",
                "monitoring/webhooks?limit=-1",
                "usage?step=hour",
                "usage?from=2026-01-01T00:00:00%2B01:00"
            })
    void refusesWhatCannotBeAskedAlthoughItCouldNotBeAnswered(String path) {
        String token = new IdentityToken(SECRET, InstantSource.system())
                .sign(new Identity("acme", "key-1", "free", Set.of("metrics:read")));
        client(port)
                .get()
                .uri(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .header(IdentityToken.HEADER, token)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("invalid_parameter");
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
