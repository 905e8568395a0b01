package dev.sluice.platform.kafka;

import dev.sluice.schemas.TopicDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** Decides how topics are made: what the catalogue says, within the bounds of the deployment. Pure. */
final class TopicPlan {
    private static final Duration POISON_RETENTION = Duration.ofDays(14);
    /** A removed key stays visible as a tombstone for a day, so that a process that was away notices. */
    private static final Duration TOMBSTONE_RETENTION = Duration.ofDays(1);

    private final PlatformKafkaProperties properties;

    TopicPlan(PlatformKafkaProperties properties) {
        this.properties = properties;
    }

    /** Each topic, and beside each one that is read, its poison topic. */
    List<NewTopic> planOf(List<TopicDescriptor<?>> topics) {
        List<NewTopic> plan = new ArrayList<>();
        for (TopicDescriptor<?> topic : topics) {
            plan.add(planOf(topic));
            if (!topic.consumers().isEmpty()) {
                plan.add(poisonOf(topic));
            }
        }
        return plan;
    }

    private NewTopic planOf(TopicDescriptor<?> topic) {
        Map<String, String> settings = settings(KafkaClients.HEADER_ROOM_BYTES);
        settings.put(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                switch (topic.cleanup()) {
                    case DELETE -> TopicConfig.CLEANUP_POLICY_DELETE;
                    case COMPACT -> TopicConfig.CLEANUP_POLICY_COMPACT;
                    case COMPACT_DELETE -> TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE;
                });
        if (topic.cleanup() != TopicDescriptor.Cleanup.COMPACT) {
            settings.put(TopicConfig.RETENTION_MS_CONFIG, millis(topic.retention()));
        }
        if (topic.cleanup() != TopicDescriptor.Cleanup.DELETE) {
            settings.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, millis(TOMBSTONE_RETENTION));
        }
        Integer max = properties.maxPartitions();
        int partitions = max == null ? topic.partitions() : Math.min(max, topic.partitions());
        return new NewTopic(topic.name(), partitions, properties.replicationFactor()).configs(settings);
    }

    /** One partition is enough: headers say where a record came from. It takes more headers than its source. */
    private NewTopic poisonOf(TopicDescriptor<?> topic) {
        Map<String, String> settings = settings(2 * KafkaClients.HEADER_ROOM_BYTES);
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, millis(POISON_RETENTION));
        return new NewTopic(topic.poisonName(), 1, properties.replicationFactor()).configs(settings);
    }

    private Map<String, String> settings(int headerRoom) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(properties.minInsyncReplicas()));
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(properties.maxRecordBytes() + headerRoom));
        return settings;
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }
}
