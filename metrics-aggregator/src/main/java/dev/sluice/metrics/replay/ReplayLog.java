package dev.sluice.metrics.replay;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** What a replay asks of Kafka about its own group and topics. Blocks, as long as the client of Kafka does. */
final class ReplayLog implements AutoCloseable {

    private final Admin admin;
    private final String applicationId;

    ReplayLog(Admin admin, String applicationId) {
        this.admin = admin;
        this.applicationId = applicationId;
    }

    /** The offset of the first record of that time or later by partition; the end where there is none. */
    Map<TopicPartition, Long> offsetsAt(Collection<String> topics, Instant time)
            throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = partitionsOf(topics);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> found = offsets(partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        partitions.forEach(partition -> {
            long at = found.getOrDefault(partition, -1L);
            offsets.put(partition, at < 0 ? ends.getOrDefault(partition, 0L) : at);
        });
        return offsets;
    }

    /** Where the group will begin; only before it has members. */
    void seek(Map<TopicPartition, Long> positions) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        positions.forEach((partition, offset) -> committed.put(partition, new OffsetAndMetadata(offset)));
        admin.alterConsumerGroupOffsets(applicationId, committed).all().get();
    }

    Map<TopicPartition, Long> positions() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> positions = new HashMap<>();
        admin.listConsumerGroupOffsets(applicationId)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, position) -> {
                    if (position != null) {
                        positions.put(partition, position.offset());
                    }
                });
        return positions;
    }

    /** Kept until they are removed: what they hold may be older than anything that Kafka keeps by itself. */
    void createTopics(Collection<String> names) throws ExecutionException, InterruptedException {
        admin.createTopics(names.stream()
                        .map(name -> new NewTopic(name, 1, (short) -1)
                                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")))
                        .toList())
                .all()
                .get();
    }

    /** All that the application has left in Kafka: its topics and its group. */
    void removeAll() throws ExecutionException, InterruptedException {
        Set<String> own = admin.listTopics().names().get().stream()
                .filter(name -> name.startsWith(applicationId + "-"))
                .collect(Collectors.toSet());
        admin.deleteTopics(own).all().get();
        try {
            admin.deleteConsumerGroups(List.of(applicationId)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
    }

    private List<TopicPartition> partitionsOf(Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec where)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, any -> where)),
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get()
                .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }

    @Override
    public void close() {
        admin.close();
    }
}
