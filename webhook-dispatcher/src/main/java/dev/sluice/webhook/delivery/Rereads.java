package dev.sluice.webhook.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads partitions from wherever it is told. What was fetched last of each is kept: endpoints that are behind take some of it at a time and
 * ask for the rest when they have room again. A partition that it has read stays assigned, but paused while others are read: then the consumer keeps what it has fetched
 * beyond, which is several times what a poll answers. Not thread-safe.
 */
final class Rereads {

    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * Some records without a gap.
     *
     * @param to behind the last one; where it was read from when there was none
     */
    record Part(long from, long to, List<ConsumerRecord<String, byte[]>> records) {}

    private final Consumer<String, byte[]> consumer;
    private final String topic;
    private final Map<Integer, Part> parts = new HashMap<>();

    Rereads(Consumer<String, byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.topic = topic;
    }

    /** A part of a partition that holds an offset, or begins behind it when the log does not have it any more. Blocks for a moment. */
    Part at(int partition, long offset) {
        Part kept = parts.get(partition);
        if (kept == null || offset < kept.from() || offset >= kept.to()) {
            kept = fetch(new TopicPartition(topic, partition), offset);
            parts.put(partition, kept);
        }
        return kept;
    }

    private Part fetch(TopicPartition partition, long offset) {
        Set<TopicPartition> assigned = new HashSet<>(consumer.assignment());
        if (assigned.add(partition)) {
            consumer.assign(assigned);
            consumer.seek(partition, offset);
        } else if (consumer.position(partition) != offset) {
            consumer.seek(partition, offset);
        }
        assigned.remove(partition);
        consumer.pause(assigned);
        consumer.resume(List.of(partition));
        List<ConsumerRecord<String, byte[]>> records = consumer.poll(POLL).records(partition);
        return new Part(offset, consumer.position(partition), records);
    }
}
