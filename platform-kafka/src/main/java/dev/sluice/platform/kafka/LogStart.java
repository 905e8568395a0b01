package dev.sluice.platform.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where a reader of a log begins, and how often it asks where the log ends. */
sealed interface LogStart {

    /** Reads what is there; a second of doubt is nothing to a table. */
    record Beginning() implements LogStart {
        @Override
        public Map<TopicPartition, Long> positions(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            return Map.of();
        }
    }

    /**
     * Reads what was written since then by the times of records, and what comes.
     *
     * @param since where nothing was written after it, reading begins at the end
     * @param gathering how long the broker may wait for more
     */
    record Time(Instant since, Duration gathering) implements LogStart {
        @Override
        public Map<TopicPartition, Long> positions(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            Map<TopicPartition, Long> positions = new HashMap<>(consumer.endOffsets(partitions));
            Map<TopicPartition, Long> times =
                    partitions.stream().collect(Collectors.toMap(Function.identity(), any -> since.toEpochMilli()));
            consumer.offsetsForTimes(times).forEach((partition, found) -> {
                // Null for a partition with nothing so new.
                if (found != null) {
                    positions.put(partition, found.offset());
                }
            });
            return positions;
        }
    }

    /** Reads what comes; whoever acts on it wants to know soon that nothing has. */
    record End() implements LogStart {
        @Override
        public Map<TopicPartition, Long> positions(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
            return consumer.endOffsets(partitions);
        }

        @Override
        public Duration check() {
            return Duration.ofMillis(300);
        }
    }

    /** The offset of each partition to begin at; the beginning of those left out. May block. */
    Map<TopicPartition, Long> positions(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);

    /** How long the broker may wait for more before it answers; zero when what is written is to be heard at once. */
    default Duration gathering() {
        return Duration.ZERO;
    }

    /** How often it is asked where the log ends. */
    default Duration check() {
        return Duration.ofSeconds(1);
    }

    /** Whether what was there before is nobody's business. */
    default boolean isEnd() {
        return this instanceof End;
    }
}
