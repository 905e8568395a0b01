package dev.sluice.platform.kafka;

import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.UndecodableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Looks for one record of a topic by its key and about when it was written, by the topic's index of times. Reads a bounded part of
 * the log; blocks; has a consumer of its own for each search. For what is asked for now and then. Thread-safe.
 */
public final class LogSearch {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_RECORDS = 50_000;

    private final KafkaClients clients;
    private final int maxRecordBytes;
    private final int maxRecords;

    LogSearch(KafkaClients clients, PlatformKafkaProperties properties) {
        this(clients, properties, MAX_RECORDS);
    }

    LogSearch(KafkaClients clients, PlatformKafkaProperties properties, int maxRecords) {
        this.clients = clients;
        this.maxRecordBytes = properties.maxRecordBytes();
        this.maxRecords = maxRecords;
    }

    /** The log could not be read, or not far enough. */
    public static final class SearchFailedException extends RuntimeException {

        private static final long serialVersionUID = 1;

        SearchFailedException(String message, Throwable cause) {
            super(message, cause);
        }

        SearchFailedException(String message) {
            super(message);
        }
    }

    /**
     * The first such record of a key that was written since then. Whichever partition the key is in today, it may have been in another.
     *
     * @throws SearchFailedException when Kafka does not answer, or 50,000 records or 5 seconds later it is neither found nor known to
     *     be missing
     */
    public <V extends SpecificRecord> Optional<V> find(
            TopicDescriptor<V> topic, String key, Instant since, Predicate<V> wanted) {
        RecordReader<V> reader = new RecordReader<>(topic, maxRecordBytes);
        byte[] rawKey = RecordKeys.encode(key);
        try (Consumer<byte[], byte[]> consumer = clients.newConsumer(
                "search-" + topic.name(), null, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
            Map<TopicPartition, Long> ends = seek(consumer, topic.name(), since, deadlineNanos);
            int read = 0;
            while (isBehind(consumer, ends)) {
                if (left(deadlineNanos).isZero()) {
                    throw new SearchFailedException("gave up " + topic.name() + " after " + PATIENCE);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    // Here, since what was polled may be all there is: the end would be taken for reached.
                    if (++read > maxRecords) {
                        throw new SearchFailedException(
                                "gave up " + topic.name() + " after " + maxRecords + " records");
                    }
                    if (Arrays.equals(record.key(), rawKey)) {
                        Optional<V> found = decoded(reader, record).filter(wanted);
                        if (found.isPresent()) {
                            return found;
                        }
                    }
                }
            }
            return Optional.empty();
        } catch (KafkaException e) {
            throw new SearchFailedException("cannot read " + topic.name(), e);
        }
    }

    /** The ends, of those partitions alone that have anything since then. */
    private static Map<TopicPartition, Long> seek(
            Consumer<?, ?> consumer, String topic, Instant since, long deadlineNanos) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic, left(deadlineNanos)).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
        Map<TopicPartition, Long> starts = new HashMap<>();
        consumer.offsetsForTimes(times, left(deadlineNanos)).forEach((partition, found) -> {
            // Null for a partition with nothing so new.
            if (found != null) {
                starts.put(partition, found.offset());
            }
        });
        Map<TopicPartition, Long> ends = consumer.endOffsets(starts.keySet(), left(deadlineNanos));
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
        return ends;
    }

    private static Duration left(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private static boolean isBehind(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (consumer.position(end.getKey()) < end.getValue()) {
                return true;
            }
        }
        return false;
    }

    private static <V extends SpecificRecord> Optional<V> decoded(
            RecordReader<V> reader, ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(reader.read(record).value());
        } catch (UndecodableRecordException _) {
            return Optional.empty();
        }
    }
}
