package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.sentry.SentryStub;
import dev.sluice.metrics.topology.Batches;
import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.kafka.TopicProvisioner;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.HealthReport;
import dev.sluice.record.RequestBatch;
import dev.sluice.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole process on a real broker, one for all tests that are of this class; each has a tenant of its own. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
abstract class WholeAggregator {
    private static final String SECRET = "an internal secret of enough bytes for tests";
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Takes what is handed on of the errors of all tests. */
    static final SentryStub SENTRY = new SentryStub();

    @Autowired
    KafkaClients kafka;

    @Autowired
    TopicProvisioner topics;

    @Value("${local.server.port}")
    int port;

    @Value("${local.management.port}")
    private int managementPort;

    final String tenant = "tenant-" + UUID.randomUUID();

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) throws IOException {
        Path stateDir = Files.createTempDirectory(Files.createDirectories(Path.of("target", "state")), "run");
        registry.add("spring.kafka.bootstrap-servers", () -> LocalKafka.shared().bootstrapServers());
        registry.add("sluice.kafka.max-partitions", () -> 2);
        registry.add("sluice.internal.secret", () -> SECRET);
        registry.add("sluice.metrics.state-dir", () -> stateDir);
        registry.add("sluice.metrics.commit-interval", () -> "100ms");
        registry.add("sluice.metrics.sentry.dsn", SENTRY::dsn);
        registry.add("management.server.port", () -> 0);
        registry.add("sluice.health-checks.pace", () -> "200ms");
        registry.add("sluice.metrics.monitoring.services", () -> "metrics-aggregator");
        registry.add("sluice.metrics.health.alerts.every", () -> "300ms");
        registry.add("sluice.metrics.health.alerts.hold", () -> "600ms");
        registry.add("sluice.metrics.health.alerts.min-samples", () -> 5);
        // No other traces than those that a test asks for.
        registry.add("sluice.web.trace-ratio", () -> 0);
    }

    @BeforeEach
    void awaitReady() {
        await().atMost(PATIENCE)
                .until(() -> caller().management("/actuator/health/readiness").contains("\"status\":\"UP\""));
    }

    void publish(RequestBatch batch) {
        topics.ready().join();
        try (Producer<String, RequestBatch> producer = kafka.newProducer(
                "test-requests", RecordSerde.of(Topics.REQUESTS).serializer())) {
            var _ = producer.send(
                    new ProducerRecord<>(Topics.REQUESTS.name(), batch.getTenant() + "|" + batch.getRoute(), batch));
        }
    }

    void publish(CacheReadBatch... batches) {
        topics.ready().join();
        try (Producer<String, CacheReadBatch> producer = kafka.newProducer(
                "test-reads", RecordSerde.of(Topics.CACHE_READS).serializer())) {
            for (CacheReadBatch batch : List.of(batches)) {
                String key = batch.getTenant() + "|" + batch.getNamespace() + "|" + batch.getPattern();
                var _ = producer.send(new ProducerRecord<>(Topics.CACHE_READS.name(), key, batch));
            }
        }
    }

    /** @param report null for a farewell */
    void publish(String key, @Nullable HealthReport report) {
        topics.ready().join();
        try (Producer<String, HealthReport> producer =
                kafka.newProducer("test-health", RecordSerde.of(Topics.HEALTH).serializer())) {
            var _ = producer.send(new ProducerRecord<>(Topics.HEALTH.name(), key, report));
        }
    }

    JsonNode awaitReads(String path, long reads) {
        // An answer may be 503 for a moment, while the group settles after the start.
        AtomicReference<JsonNode> answer = new AtomicReference<>();
        await().atMost(PATIENCE).untilAsserted(() -> {
            answer.set(get(path));
            assertThat(answer.get().path("reads").asLong()).isGreaterThanOrEqualTo(reads);
        });
        return answer.get();
    }

    JsonNode get(String path) {
        return get(path, token());
    }

    JsonNode get(String path, String token) {
        return caller().get(path, token);
    }

    JsonNode getProblem(String path, int status) {
        return caller().problem(path, token(), status);
    }

    String token() {
        return caller().token(Set.of("metrics:read"));
    }

    AggregatorCaller caller() {
        return new AggregatorCaller(port, managementPort, SECRET, tenant);
    }

    static CacheRead read(CacheOutcome outcome, long millis) {
        return Batches.read(outcome, Duration.ofMillis(millis), 10);
    }
}
