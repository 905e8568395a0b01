package dev.sluice.gateway.access;

import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All that the topic of requests holds when it is read. */
record RequestLog(List<RequestBatch> batches, String text) {

    /** One request of it. */
    record Line(String tenant, String route, RequestEntry entry) {}

    static RequestLog read(String bootstrapServers) {
        List<RequestBatch> batches = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try (KafkaConsumer<String, RequestBatch> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new StringDeserializer(),
                RecordSerde.of(Topics.REQUESTS).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.REQUESTS.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, RequestBatch> record : consumer.poll(Duration.ofMillis(200))) {
                    batches.add(record.value());
                    text.append(record.key()).append(record.value());
                }
            }
        }
        return new RequestLog(batches, text.toString());
    }

    List<Line> lines() {
        return batches.stream()
                .flatMap(batch ->
                        batch.getEntries().stream().map(entry -> new Line(batch.getTenant(), batch.getRoute(), entry)))
                .toList();
    }

    List<Line> lines(String tenant, String route) {
        return lines().stream()
                .filter(line -> line.tenant.equals(tenant) && line.route.equals(route))
                .toList();
    }

    /** How many requests there were, by tenant, method, route and status. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        for (Line line : lines()) {
            String name = line.tenant + " " + line.entry.getMethod() + " " + line.route + " " + line.entry.getStatus();
            counts.merge(name, 1L, Long::sum);
        }
        return counts;
    }
}
