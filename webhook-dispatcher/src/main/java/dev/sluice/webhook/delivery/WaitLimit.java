package dev.sluice.webhook.delivery;

import dev.sluice.platform.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Looks now and then which deliveries stand on the log for so long that they are not waited for any more. For one thread. */
final class WaitLimit {

    private static final Duration MOST_BETWEEN_LOOKS = Duration.ofMinutes(10);
    /** Looks in the time that something may wait. */
    private static final int LOOKS = 100;

    private final KafkaClients clients;
    private final String topic;
    private final Duration longest;
    private final InstantSource clock;
    private final Duration between;
    private Instant next = Instant.MIN;

    WaitLimit(KafkaClients clients, String topic, Duration longest, InstantSource clock) {
        this.clients = clients;
        this.topic = topic;
        this.longest = longest;
        this.clock = clock;
        Duration part = longest.dividedBy(LOOKS);
        between = part.compareTo(MOST_BETWEEN_LOOKS) < 0 ? part : MOST_BETWEEN_LOOKS;
    }

    /** Asks the broker, if anybody is behind and it is time for it. Blocks meanwhile. */
    void lookNowAndThen(Scans scans) {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        Set<Integer> partitions = scans.partitionsBehind();
        if (partitions.isEmpty()) {
            return;
        }
        next = now.plus(between);
        try (Consumer<String, byte[]> consumer =
                clients.newConsumer("webhook-wait-limit", null, new ByteArrayDeserializer())) {
            freshFrom(consumer, partitions, now.minus(longest)).forEach(scans::freshFrom);
        }
    }

    private Map<Integer, Long> freshFrom(Consumer<?, ?> consumer, Set<Integer> partitions, Instant since) {
        List<TopicPartition> asked = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        // First: of a partition with nothing so new, what comes later is newer.
        Map<TopicPartition, Long> ends = consumer.endOffsets(asked);
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(
                asked.stream().collect(Collectors.toMap(Function.identity(), each -> since.toEpochMilli())));
        return asked.stream().collect(Collectors.toMap(TopicPartition::partition, each -> {
            OffsetAndTimestamp first = found.get(each);
            return first == null ? ends.getOrDefault(each, 0L) : first.offset();
        }));
    }
}
