package dev.sluice.e2e;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads every topic of the broker, its own among them, from the first record to what is the last when it begins. */
final class LogReader {

    private LogReader() {}

    /** All keys, values and headers by topic, each byte as one character; topics without a record are left out. */
    static Map<String, String> read(String bootstrapServers) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.listTopics().values().stream()
                    .flatMap(List::stream)
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            return readUntil(consumer, consumer.endOffsets(partitions));
        }
    }

    private static Map<String, String> readUntil(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        Map<String, StringBuilder> contents = new TreeMap<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(Duration.ofSeconds(1))
                    .forEach(one -> append(contents.computeIfAbsent(one.topic(), ignored -> new StringBuilder()), one));
        }
        Map<String, String> texts = new TreeMap<>();
        contents.forEach((topic, text) -> texts.put(topic, text.toString()));
        return texts;
    }

    private static void append(StringBuilder contents, ConsumerRecord<byte[], byte[]> one) {
        contents.append(text(one.key())).append('\n').append(text(one.value())).append('\n');
        one.headers()
                .forEach(header -> contents.append(header.key())
                        .append('=')
                        .append(text(header.value()))
                        .append('\n'));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
