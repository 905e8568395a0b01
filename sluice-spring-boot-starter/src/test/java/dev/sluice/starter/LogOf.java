package dev.sluice.starter;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.PlatformKafkaProperties;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.schemas.TopicDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.context.properties.bind.Binder;

/** Reads topics as anybody may. */
final class LogOf {

    private final KafkaClients clients;

    LogOf(String bootstrapServers) {
        clients = new KafkaClients(
                Map.of("bootstrap.servers", bootstrapServers),
                Map.of(),
                Map.of(),
                new Binder().bindOrCreate("sluice.kafka", PlatformKafkaProperties.class));
    }

    /** Every record of a topic by now. */
    <V extends SpecificRecord> List<V> all(TopicDescriptor<V> topic) {
        try (Consumer<String, V> consumer =
                clients.newConsumer("reader", null, RecordSerde.of(topic).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(partition -> new TopicPartition(topic.name(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<V> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> records.add(record.value()));
            }
            return records;
        }
    }
}
