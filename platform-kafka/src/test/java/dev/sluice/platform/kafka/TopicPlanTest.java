package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.Tier;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
    private static final String RECORD_AND_HEADERS = String.valueOf(1024 * 1024 + 256 * 1024);
    private static final String POISON_AND_HEADERS = String.valueOf(1024 * 1024 + 512 * 1024);

    @Test
    void keepsEachTopicAsTheCatalogueSays() {
        assertThat(configs(Cleanup.DELETE, Duration.ofHours(1)))
                .isEqualTo(Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "3600000",
                        "min.insync.replicas", "1",
                        "max.message.bytes", RECORD_AND_HEADERS));
        assertThat(configs(Cleanup.COMPACT, Duration.ZERO))
                .isEqualTo(Map.of(
                        "cleanup.policy", "compact",
                        "delete.retention.ms", "86400000",
                        "min.insync.replicas", "1",
                        "max.message.bytes", RECORD_AND_HEADERS));
        assertThat(configs(Cleanup.COMPACT_DELETE, Duration.ofHours(1)))
                .containsEntry("cleanup.policy", "compact,delete")
                .containsEntry("retention.ms", "3600000")
                .containsEntry("delete.retention.ms", "86400000");
    }

    @Test
    void putsAPoisonTopicBesideEachTopicThatIsRead() {
        List<NewTopic> plan = plan(Map.of(), topic(Cleanup.COMPACT, Duration.ZERO, 6, List.of("reader")));
        assertThat(plan).extracting(NewTopic::name).containsExactly("sluice.test", "sluice.test.poison");
        NewTopic poison = plan.getLast();
        assertThat(poison.numPartitions()).isEqualTo(1);
        assertThat(poison.configs())
                .isEqualTo(Map.of(
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        String.valueOf(Duration.ofDays(14).toMillis()),
                        "min.insync.replicas",
                        "1",
                        "max.message.bytes",
                        POISON_AND_HEADERS));
        assertThat(plan(Map.of(), topic(Cleanup.COMPACT, Duration.ZERO, 6, List.of())))
                .extracting(NewTopic::name)
                .containsExactly("sluice.test");
    }

    @Test
    void staysWithinTheBoundsOfTheDeployment() {
        Map<String, String> bounds = Map.of(
                "replication-factor", "3",
                "min-insync-replicas", "2",
                "max-partitions", "4",
                "max-record-size", "2MB");
        NewTopic large = plan(bounds, topic(Cleanup.COMPACT, Duration.ZERO, 6, List.of("reader")))
                .getFirst();
        assertThat(large.numPartitions()).isEqualTo(4);
        assertThat(large.replicationFactor()).isEqualTo((short) 3);
        assertThat(large.configs())
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("max.message.bytes", String.valueOf(2 * 1024 * 1024 + 256 * 1024));
        NewTopic small = plan(bounds, topic(Cleanup.COMPACT, Duration.ZERO, 3, List.of()))
                .getFirst();
        assertThat(small.numPartitions()).isEqualTo(3);
    }

    @Test
    void plansTheWholeCatalogueWithoutNamingATopicTwice() {
        List<NewTopic> plan = new TopicPlan(TestPlatform.properties(Map.of())).planOf(Topics.all());
        assertThat(plan).extracting(NewTopic::name).doesNotHaveDuplicates();
        assertThat(plan).hasSizeGreaterThan(Topics.all().size());
    }

    private static Map<String, String> configs(Cleanup cleanup, Duration retention) {
        return plan(Map.of(), topic(cleanup, retention, 6, List.of()))
                .getFirst()
                .configs();
    }

    private static List<NewTopic> plan(Map<String, String> properties, TopicDescriptor<?> topic) {
        return new TopicPlan(TestPlatform.properties(properties)).planOf(List.of(topic));
    }

    private static TopicDescriptor<Tier> topic(
            Cleanup cleanup, Duration retention, int partitions, List<String> consumers) {
        return new TopicDescriptor<>(
                "sluice.test", Tier.class, "id", partitions, cleanup, retention, List.of("test"), consumers, "A test.");
    }
}
