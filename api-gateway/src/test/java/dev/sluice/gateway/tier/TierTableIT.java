package dev.sluice.gateway.tier;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.Tier;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The shipped tiers and the log, over a real broker that is late. */
class TierTableIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void answersBeforeKafkaDoesAndSeedsTheLogOnce() throws Exception {
        try (IsolatedKafka kafka = LocalKafka.newIsolated()) {
            kafka.stop();
            try (ConfigurableApplicationContext process = start(kafka)) {
                TierTable tiers = process.getBean(TierTable.class);
                assertThat(tiers.find("basic")).isPresent();
                kafka.start();
                LogTable<Tier> log = process.getBean(LogTables.class).of(Topics.TIERS);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(log.entries()).hasSize(5));
                Tier changed = Tier.newBuilder(log.find("basic").orElseThrow())
                        .setDescription("changed")
                        .build();
                log.put("basic", changed).get(30, SECONDS);
                assertThat(tiers.find("basic")).contains(changed);
                tiers.seed().get(30, SECONDS);
                assertThat(tiers.find("basic")).contains(changed);
                Tier added = Tier.newBuilder(changed)
                        .setName("gold")
                        .setUpdatedAt(Instant.EPOCH)
                        .build();
                log.put("gold", added).get(30, SECONDS);
                assertThat(tiers.all())
                        .extracting(Tier::getName)
                        .containsExactly("anonymous", "basic", "free", "gold", "premium", "unlimited");
                log.remove("free").get(30, SECONDS);
                assertThat(tiers.find("free")).isPresent();
                assertThat(tiers.free().getName()).isEqualTo("free");
            }
        }
    }

    private static ConfigurableApplicationContext start(IsolatedKafka kafka) {
        return new SpringApplicationBuilder(TierProcess.class)
                .run(
                        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "--sluice.internal.secret=an internal secret of enough bytes for tests",
                        // The gateway's readiness asks features that are not here.
                        "--management.endpoint.health.validate-group-membership=false",
                        "--server.port=0",
                        "--management.server.port=0");
    }

    @EnableAutoConfiguration
    @Import(TierConfiguration.class)
    static class TierProcess {

        @Bean
        TierUse tierUse() {
            return tier -> false;
        }
    }
}
