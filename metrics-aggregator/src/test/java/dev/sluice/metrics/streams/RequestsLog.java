package dev.sluice.metrics.streams;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Usage;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Requests and usage on a real broker. */
record RequestsLog(KafkaClients clients) {
    void publish(List<RequestBatch> batches) {
        try (Producer<String, RequestBatch> producer =
                clients.newProducer("requests", RecordSerde.of(Topics.REQUESTS).serializer())) {
            for (RequestBatch batch : batches) {
                String key = batch.getTenant() + "|" + batch.getRoute();
                var _ = producer.send(new ProducerRecord<>(Topics.REQUESTS.name(), key, batch));
            }
            producer.flush();
        }
    }

    /** The newest committed usage, by key. */
    Map<String, Usage> readUsage() {
        Map<String, Usage> newest = new HashMap<>();
        try (Consumer<String, Usage> consumer =
                clients.newConsumer("usage", null, RecordSerde.of(Topics.USAGE).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.USAGE.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<String, Usage> record : consumer.poll(Duration.ofMillis(200))) {
                    newest.put(record.key(), record.value());
                }
            }
        }
        return newest;
    }
}
