package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.ForwardedPort;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every service starts before Kafka and Redis do: it lives, says what it waits for, refuses, and then gets ready. */
class ColdStartIT {

    private static final String ADMIN = "slk_live_BootstrapAdmin00_0123456789012345678901234567890123456789abc42ifmY";
    private static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> SERVICES =
            List.of("api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator");

    @TempDir
    private Path streams;

    private final List<Integer> ports = ServiceProcess.freePorts(2);

    @AutoClose
    private final ForwardedPort kafkaPort = new ForwardedPort(ports.get(0));

    @AutoClose
    private final ForwardedPort redisPort = new ForwardedPort(ports.get(1));

    @Test
    void servicesStartBeforeKafkaAndRedis() throws Exception {
        // Starts meanwhile, and is not found before the port to it is open.
        CompletableFuture<IsolatedKafka> kafka = CompletableFuture.supplyAsync(LocalKafka::newIsolated);
        List<ServiceProcess> services = new ArrayList<>();
        try (IsolatedRedis redis = LocalRedis.newIsolated()) {
            SERVICES.forEach(name -> services.add(ServiceProcess.start(name, settings())));
            for (ServiceProcess service : services) {
                await(service.name() + " lives")
                        .atMost(PATIENCE)
                        .failFast(() -> !service.isAlive())
                        .until(service.meters()::isAlive);
                saysWhatItWaitsFor(service);
            }
            Client gateway = new Client(services.getFirst().address(), ADMIN);
            refusesMeanwhile(gateway);
            for (ServiceProcess service : services.subList(1, services.size())) {
                Client.Answer answer = new Client(service.address(), "").get("/api/v1/anything");
                assertThat(answer.status()).as(service.name()).isEqualTo(401);
                assertThat(answer.json().path("code").asString()).isEqualTo("untrusted_caller");
            }

            redisPort.open(redis.port());
            kafkaPort.open(portOf(kafka.join()));
            services.forEach(ServiceProcess::awaitReady);
            takes(gateway);
        } finally {
            services.forEach(ServiceProcess::close);
            kafka.join().close();
        }
    }

    private Map<String, String> settings() {
        return Map.of(
                "SPRING_KAFKA_BOOTSTRAPSERVERS",
                kafkaPort.address(),
                "SPRING_DATA_REDIS_HOST",
                "127.0.0.1",
                "SPRING_DATA_REDIS_PORT",
                ports.get(1).toString(),
                "SLUICE_INTERNAL_SECRET",
                "an internal secret of enough bytes for tests",
                "SLUICE_GATEWAY_APIKEY_BOOTSTRAPADMIN",
                ADMIN,
                "SLUICE_WEBHOOK_SECRET_KEYS_0_ID",
                "test",
                "SLUICE_WEBHOOK_SECRET_KEYS_0_KEY",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "SLUICE_METRICS_STATEDIR",
                streams.toString());
    }

    private static int portOf(IsolatedKafka kafka) {
        String servers = kafka.bootstrapServers();
        return Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
    }

    private static void saysWhatItWaitsFor(ServiceProcess service) {
        assertThat(service.meters().isReady()).as(service.name()).isFalse();
        JsonNode health = service.meters().health().json();
        JsonNode topics = health.path("components").path("topics");
        assertThat(topics.path("status").asString()).as(service.name() + health).isEqualTo("OUT_OF_SERVICE");
        assertThat(topics.path("details").path("waitingFor").asString())
                .as(service.name())
                .contains("Kafka");
    }

    private static void refusesMeanwhile(Client gateway) {
        for (Client.Answer answer : List.of(
                gateway.get("/api/v1/limits"),
                gateway.get("/api/v1/tenants"),
                gateway.send("POST", "/api/v1/events", JSON, event()),
                gateway.get("/api/v1/cache/stats"))) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(503);
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.header("Retry-After")).isNotEmpty();
        }
        assertThat(gateway.get("/schema-registry/subjects").status()).isEqualTo(200);
    }

    private static void takes(Client gateway) {
        assertThat(gateway.get("/api/v1/limits").status()).isEqualTo(200);
        Client.Answer taken = gateway.send("POST", "/api/v1/events", JSON, event());
        assertThat(taken.status()).as(taken.text()).isEqualTo(202);
        assertThat(gateway.send("POST", "/api/v1/sessions", JSON, "{\"user\":\"u\"}")
                        .status())
                .isEqualTo(201);
    }

    private static String event() {
        return "{\"specversion\":\"1.0\",\"type\":\"e2e.cold\",\"data\":1}";
    }
}
