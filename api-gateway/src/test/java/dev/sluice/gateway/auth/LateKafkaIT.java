package dev.sluice.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.gateway.ApiGatewayApplication;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The whole gateway before its Kafka: it says that it cannot tell keys yet, and makes the first one when it can. */
class LateKafkaIT {

    private static final String ADMIN_KEY =
            "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final String UNKNOWN_KEY =
            "slk_live_NobodysKey000000_0123456789012345678901234567890123456789abc3s1NCg";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void answersKeysWith503UntilKafkaIsThereAndItsFirstKeyIsWritten() {
        try (IsolatedKafka kafka = LocalKafka.newIsolated()) {
            kafka.stop();
            try (ConfigurableApplicationContext gateway = start(kafka)) {
                WebTestClient client = client(gateway);
                assertComesLater(get(client, ADMIN_KEY));
                assertComesLater(get(client, UNKNOWN_KEY));
                kafka.start();
                await().atMost(PATIENCE).until(() -> status(get(client, ADMIN_KEY)) == 200);
                assertThat(status(get(client, UNKNOWN_KEY))).isEqualTo(401);
            }
        }
    }

    private static void assertComesLater(EntityExchangeResult<byte[]> answer) {
        assertThat(status(answer)).isEqualTo(503);
        assertThat(answer.getResponseHeaders().getFirst("Retry-After")).containsOnlyDigits();
        assertThat(answer.getResponseHeaders().getContentType()).hasToString("application/problem+json");
        assertThat(new String(answer.getResponseBodyContent(), UTF_8)).contains("\"code\":\"unavailable\"");
    }

    private static EntityExchangeResult<byte[]> get(WebTestClient client, String key) {
        return client.get()
                .uri("/api/v1/keys/BootstrapAdmin00")
                .header("Authorization", "Bearer " + key)
                .exchange()
                .expectBody()
                .returnResult();
    }

    private static int status(EntityExchangeResult<byte[]> answer) {
        return answer.getStatus().value();
    }

    private static WebTestClient client(ConfigurableApplicationContext gateway) {
        String port = gateway.getEnvironment().getRequiredProperty("local.server.port");
        return WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(PATIENCE)
                .build();
    }

    private static ConfigurableApplicationContext start(IsolatedKafka kafka) {
        return new SpringApplicationBuilder(ApiGatewayApplication.class)
                .run(
                        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "--spring.data.redis.host=" + LocalRedis.shared().host(),
                        "--spring.data.redis.port=" + LocalRedis.shared().port(),
                        "--sluice.kafka.max-partitions=1",
                        "--sluice.internal.secret=an internal secret of enough bytes for tests",
                        "--sluice.gateway.api-key.bootstrap-admin=" + ADMIN_KEY,
                        "--server.port=0",
                        "--management.server.port=0");
    }
}
