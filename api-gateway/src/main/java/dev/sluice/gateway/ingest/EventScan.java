package dev.sluice.gateway.ingest;

import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.DomainEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** One pass over one partition, for events of about the same time. Blocks; not thread-safe. */
final class EventScan {

    private static final Duration POLL = Duration.ofMillis(500);

    /** So many polls in a row may bring nothing before the log counts as away. */
    private static final int MAX_EMPTY_POLLS = 20;

    private static final Deserializer<DomainEvent> EVENTS =
            RecordSerde.of(EventPublisher.TOPIC).deserializer();

    private final Consumer<String, byte[]> consumer;
    private final TopicPartition partition;
    private final List<SoughtEvent> sought;

    EventScan(Consumer<String, byte[]> consumer, TopicPartition partition, List<SoughtEvent> sought) {
        this.consumer = consumer;
        this.partition = partition;
        this.sought = sought;
    }

    /**
     * Completes every result.
     *
     * @param before how far before the first time to begin
     * @param after how far behind the last time to end
     * @throws org.apache.kafka.common.KafkaException when the log does not answer
     */
    void run(Duration before, Duration after) {
        long first = sought.getFirst().since().minus(before).toEpochMilli();
        long last = sought.getLast().since().plus(after).toEpochMilli();
        OffsetAndTimestamp start = offsetAt(first);
        if (start != null) {
            OffsetAndTimestamp behind = offsetAt(last);
            long end = behind == null
                    ? Objects.requireNonNull(
                            consumer.endOffsets(List.of(partition)).get(partition))
                    : behind.offset();
            read(start.offset(), end);
        }
        sought.forEach(one -> one.result().complete(Optional.empty()));
    }

    /** The first record that is not older; null when all are. */
    private @Nullable OffsetAndTimestamp offsetAt(long time) {
        return consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
    }

    private void read(long start, long end) {
        Map<String, List<SoughtEvent>> byKey = sought.stream().collect(Collectors.groupingBy(SoughtEvent::key));
        consumer.assign(List.of(partition));
        consumer.seek(partition, start);
        int empty = 0;
        while (consumer.position(partition) < end
                && sought.stream().anyMatch(one -> !one.result().isDone())) {
            var records = consumer.poll(POLL);
            empty = records.isEmpty() ? empty + 1 : 0;
            if (empty > MAX_EMPTY_POLLS) {
                throw new TimeoutException("the log gave no records");
            }
            for (ConsumerRecord<String, byte[]> record : records) {
                List<SoughtEvent> candidates = byKey.get(record.key());
                if (candidates != null) {
                    compare(record, candidates);
                }
            }
        }
    }

    private static void compare(ConsumerRecord<String, byte[]> record, List<SoughtEvent> candidates) {
        DomainEvent event;
        try {
            event = EVENTS.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            // Not ours: what this platform writes can be read.
            return;
        }
        candidates.stream()
                .filter(one -> one.is(event))
                .forEach(one -> one.result()
                        .complete(Optional.of(new EventReceipt(
                                event.getId(),
                                event.getSource(),
                                record.topic(),
                                record.partition(),
                                record.offset()))));
    }
}
