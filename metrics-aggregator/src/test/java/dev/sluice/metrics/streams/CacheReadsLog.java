package dev.sluice.metrics.streams;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.Rollup;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** The topics around the aggregator on a real broker: publish reads, see how far they are counted, read rollups. */
final class CacheReadsLog implements AutoCloseable {
    private static final int PARTITIONS = 3;

    private final KafkaClients clients;
    private final Admin admin;
    private final String group;

    /** Makes the topics. */
    CacheReadsLog(KafkaClients clients, String group) throws Exception {
        this.clients = clients;
        this.group = group;
        this.admin = clients.newAdmin();
        create();
    }

    private CacheReadsLog(KafkaClients clients, String group, Admin admin) {
        this.clients = clients;
        this.group = group;
        this.admin = admin;
    }

    /** The same topics, which are there, as another group has read them. */
    static CacheReadsLog asOf(KafkaClients clients, String group) {
        return new CacheReadsLog(clients, group, clients.newAdmin());
    }

    private void create() throws Exception {
        admin.createTopics(List.of(
                        new NewTopic(Topics.CACHE_READS.name(), PARTITIONS, (short) 1),
                        new NewTopic(Topics.CACHE_READS.poisonName(), 1, (short) 1),
                        new NewTopic(Topics.ROLLUPS.name(), PARTITIONS, (short) 1),
                        new NewTopic(Topics.REQUESTS.name(), PARTITIONS, (short) 1),
                        new NewTopic(Topics.USAGE.name(), PARTITIONS, (short) 1),
                        new NewTopic(Topics.WEBHOOK_ATTEMPTS.name(), 1, (short) 1),
                        new NewTopic(Topics.EVENTS.name(), 1, (short) 1)))
                .all()
                .get();
        Awaitility.await().ignoreExceptions().until(() -> endOffset() >= 0);
    }

    void publish(List<CacheReadBatch> batches) {
        try (Producer<String, CacheReadBatch> producer =
                clients.newProducer("reads", RecordSerde.of(Topics.CACHE_READS).serializer())) {
            for (CacheReadBatch batch : batches) {
                String key = batch.getTenant() + "|" + batch.getNamespace() + "|" + batch.getPattern();
                // As where it comes from: a record is written when its reads were.
                long at = batch.getFirstAt().toEpochMilli();
                var _ = producer.send(new ProducerRecord<>(Topics.CACHE_READS.name(), null, at, key, batch));
            }
            producer.flush();
        }
    }

    /** Sum over partitions. */
    long endOffset() throws Exception {
        return endOffset(Topics.CACHE_READS.name());
    }

    /** Sum over partitions of a topic that is as large as the reads'. */
    long endOffset(String topic) throws Exception {
        Map<TopicPartition, OffsetSpec> query =
                partitionsOf(topic).stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
        return admin.listOffsets(query).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    /** Sum over partitions. */
    long committedOffset() throws Exception {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(position -> position == null ? 0 : position.offset())
                .sum();
    }

    void publish(String key, Rollup rollup) throws Exception {
        try (Producer<String, Rollup> producer =
                clients.newProducer("rollups", RecordSerde.of(Topics.ROLLUPS).serializer())) {
            producer.send(new ProducerRecord<>(Topics.ROLLUPS.name(), key, rollup))
                    .get();
        }
    }

    /** Every topic of an application's own. */
    Set<String> topicsOf(String application) throws Exception {
        return admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(application + "-"))
                .collect(Collectors.toSet());
    }

    /** Every committed rollup, by key, in order. */
    Map<String, List<Rollup>> readRollups() {
        Map<String, List<Rollup>> rollups = new HashMap<>();
        try (Consumer<String, Rollup> consumer = clients.newConsumer(
                "rollups", null, RecordSerde.of(Topics.ROLLUPS).deserializer())) {
            Set<TopicPartition> partitions = partitionsOf(Topics.ROLLUPS.name());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<String, Rollup> record : consumer.poll(Duration.ofMillis(200))) {
                    rollups.computeIfAbsent(record.key(), key -> new ArrayList<>())
                            .add(record.value());
                }
            }
        }
        return rollups;
    }

    @Override
    public void close() {
        admin.close();
    }

    private static Set<TopicPartition> partitionsOf(String topic) {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toSet());
    }
}
