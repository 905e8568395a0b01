package dev.sluice.platform.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

class KafkaHealthIndicatorsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TopicDescriptor<Tier> topic = TestPlatform.topic(Tier.class, Cleanup.COMPACT);

    @Test
    void saysWhatIsMissingBeforeKafkaCameAndAfterItWent() throws Exception {
        try (IsolatedKafka broker = LocalKafka.newIsolated()) {
            broker.stop();
            try (TestPlatform platform = new TestPlatform(broker.bootstrapServers(), topic)) {
                LogTable<Tier> table = platform.tables.of(topic);
                platform.containers.listen(topic, "group", record -> {});
                platform.containers.start();
                HealthIndicator topics = KafkaHealthIndicators.topics(platform.provisioner);
                HealthIndicator tables = KafkaHealthIndicators.tables(platform.tables, platform.provisioner);
                HealthIndicator listeners = KafkaHealthIndicators.listeners(platform.containers);

                assertSays(topics, Status.OUT_OF_SERVICE, "waitingFor", "Kafka at " + broker.bootstrapServers());
                assertSays(tables, Status.OUT_OF_SERVICE, topic.name(), "waiting for Kafka at");
                assertSays(listeners, Status.OUT_OF_SERVICE, "group/" + topic.name(), "not listening");

                broker.start();
                table.whenReady().get(60, SECONDS);
                table.put("free", TestPlatform.tier("free")).get(60, SECONDS);
                await().atMost(PATIENCE).until(() -> isUp(topics) && isUp(tables) && isUp(listeners));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(detail(of(tables), topic.name()))
                                .startsWith("complete ")
                                .endsWith(" ms ago, 1 entries"));

                broker.stop();
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertSays(tables, Status.UP, topic.name(), "stale, Kafka does not answer: complete "));
            }
        }
    }

    private static void assertSays(HealthIndicator indicator, Status status, String detail, String words) {
        Health health = of(indicator);
        assertThat(health.getStatus()).isEqualTo(status);
        assertThat(detail(health, detail)).contains(words);
    }

    private static Health of(HealthIndicator indicator) {
        return Objects.requireNonNull(indicator.health());
    }

    private static boolean isUp(HealthIndicator indicator) {
        return of(indicator).getStatus().equals(Status.UP);
    }

    private static String detail(Health health, String name) {
        return String.valueOf(health.getDetails().get(name));
    }
}
