package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what is on the log of events. */
final class EventLog {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaClients kafka;

    EventLog(KafkaClients kafka) {
        this.kafka = kafka;
    }

    /** All events about a subject that are there now, in order; at least so many. */
    List<DomainEvent> eventsOf(String subject, int atLeast) {
        List<DomainEvent> found = all().stream()
                .filter(event -> subject.equals(event.getSubject()))
                .toList();
        assertThat(found).hasSizeGreaterThanOrEqualTo(atLeast);
        return found;
    }

    List<DomainEvent> all() {
        List<DomainEvent> events = new ArrayList<>();
        try (Consumer<String, DomainEvent> consumer =
                kafka.newConsumer("test", null, RecordSerde.of(Topics.EVENTS).deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.EVENTS.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Instant deadline = Instant.now().plus(PATIENCE);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                assertThat(Instant.now()).isBefore(deadline);
                consumer.poll(Duration.ofMillis(50)).forEach(record -> events.add(record.value()));
            }
        }
        return events;
    }

    static String textOf(DomainEvent event) {
        ByteBuffer data = event.getData();
        return data == null
                ? "none"
                : StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }
}
