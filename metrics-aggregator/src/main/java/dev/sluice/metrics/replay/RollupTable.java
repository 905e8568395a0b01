package dev.sluice.metrics.replay;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.Rollup;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The newest rollup of each window, as a topic has it now. */
final class RollupTable {

    private static final Duration POLL = Duration.ofMillis(200);

    private RollupTable() {}

    /**
     * Reads to the end that the topic has when it begins; waits for Kafka as long as its clients do.
     *
     * @param kept those that are held in memory
     */
    static Map<String, Rollup> read(KafkaClients clients, String topic, Predicate<Rollup> kept) {
        Map<String, Rollup> newest = new TreeMap<>();
        try (Consumer<String, Rollup> consumer = clients.newConsumer(
                "sluice-replay", null, RecordSerde.of(Topics.ROLLUPS).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                for (ConsumerRecord<String, Rollup> record : consumer.poll(POLL)) {
                    if (record.value() == null) {
                        newest.remove(record.key());
                    } else if (kept.test(record.value())) {
                        newest.put(record.key(), record.value());
                    }
                }
            }
        }
        return newest;
    }
}
