package dev.sluice.gateway.stream;

import dev.sluice.gateway.stream.EventStream.Stretch;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.DomainEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Reads the past of the log, a stretch at a time. Blocks; not thread-safe; throws what Kafka throws. */
final class EventLogReader implements AutoCloseable {

    private static final String TOPIC = EventTailListener.TOPIC.name();
    private static final Deserializer<DomainEvent> EVENTS =
            RecordSerde.of(EventTailListener.TOPIC).deserializer();

    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(100);

    /** After this a reader turns to the next stream, also where few of many records are this one's. */
    private static final long SLICE_NANOS = Duration.ofMillis(500).toNanos();

    private final Consumer<byte[], byte[]> consumer;

    EventLogReader(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Where a stream begins, and what it tells its client first. */
    record Start(Positions at, @Nullable StreamItem first) {}

    /** What was read: the events that match, and where the reading ended. */
    record Past(List<StreamedEvent> events, Positions end) {}

    /** There, or at its end where the log has become shorter, or at its beginning where it does not go back that far. */
    Start startBehind(Positions wanted) {
        List<TopicPartition> partitions = partitions(wanted.partitions());
        Positions end = positions(consumer.endOffsets(partitions, ANSWER));
        Positions begin = positions(consumer.beginningOffsets(partitions, ANSWER));
        if (!end.covers(wanted)) {
            Positions at = wanted.min(end).max(begin);
            return new Start(at, new StreamItem.Replaced(at));
        }
        Positions at = wanted.max(begin);
        return new Start(at, at.equals(wanted) ? null : new StreamItem.Expired(wanted, at));
    }

    /** Where a log begins, for who comes from another one. */
    Start startAnew(Positions heard) {
        Positions at = positions(consumer.beginningOffsets(partitions(heard.partitions()), ANSWER))
                .inLogOf(heard);
        return new Start(at, new StreamItem.Replaced(at));
    }

    /**
     * The first records that came at a time or later.
     *
     * @param kept from when on the log keeps everything
     * @param heard which log it is
     */
    Start startSince(Instant time, Instant kept, Positions heard) {
        List<TopicPartition> partitions = partitions(heard.partitions());
        Positions end = positions(consumer.endOffsets(partitions, ANSWER)).inLogOf(heard);
        Positions begin = positions(consumer.beginningOffsets(partitions, ANSWER));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(Function.identity(), any -> time.toEpochMilli())), ANSWER);
        Positions at = end;
        boolean expired = false;
        for (TopicPartition each : partitions) {
            int partition = each.partition();
            OffsetAndTimestamp first = found.get(each);
            if (first != null) {
                at = at.with(partition, first.offset());
            }
            // What stands before the first record that there is was deleted, perhaps from behind this time.
            boolean earliest = begin.at(partition) > 0 && at.at(partition) <= begin.at(partition);
            expired |= earliest && (first != null || time.isBefore(kept));
        }
        return new Start(at, expired ? new StreamItem.Expired(at, at) : null);
    }

    /** Reads until the end of the stretch, until there are so many events or bytes of them, or for half a second. */
    Past read(String tenant, EventFilter filter, Stretch stretch, int maxEvents, long maxBytes) {
        long[] at = offsets(stretch);
        List<TopicPartition> all = partitions(at.length);
        // The same ones every time: to give a partition up while it is being fetched makes Kafka's client complain.
        consumer.assign(all);
        all.forEach(partition -> consumer.seek(partition, at[partition.partition()]));
        List<TopicPartition> open = open(stretch, all, at);
        turnTo(open);
        List<StreamedEvent> events = new ArrayList<>();
        long bytes = 0;
        long begun = System.nanoTime();
        while (!open.isEmpty() && System.nanoTime() - begun < SLICE_NANOS) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < at[record.partition()]) {
                    // The topic was made anew; the shared reader is about to notice it, and then this begins again.
                    return new Past(events, Positions.of(at).inLogOf(stretch.from()));
                }
                at[record.partition()] = record.offset() + 1;
                Optional<DomainEvent> event = decode(record).filter(one -> isWanted(one, tenant, filter));
                if (event.isPresent()) {
                    StreamedEvent written = StreamedEvent.of(
                            record, event.get(), Positions.of(at).inLogOf(stretch.from()));
                    events.add(written);
                    bytes += written.heldBytes();
                }
                if (events.size() >= maxEvents || bytes >= maxBytes) {
                    return new Past(events, Positions.of(at).inLogOf(stretch.from()));
                }
            }
            // Behind the marks of transactions, which are no records.
            open.forEach(partition ->
                    at[partition.partition()] = Math.max(at[partition.partition()], consumer.position(partition)));
            open = open(stretch, open, at);
            turnTo(open);
        }
        return new Past(events, Positions.of(at).inLogOf(stretch.from()));
    }

    private void turnTo(Collection<TopicPartition> open) {
        consumer.pause(consumer.assignment().stream()
                .filter(partition -> !open.contains(partition))
                .toList());
        consumer.resume(open);
    }

    private static long[] offsets(Stretch stretch) {
        int count = Math.max(stretch.from().partitions(), stretch.until().partitions());
        return IntStream.range(0, count).mapToLong(stretch.from()::at).toArray();
    }

    private static List<TopicPartition> open(Stretch stretch, List<TopicPartition> of, long[] at) {
        return of.stream()
                .filter(partition -> at[partition.partition()] < stretch.until().at(partition.partition()))
                .toList();
    }

    private static boolean isWanted(DomainEvent event, String tenant, EventFilter filter) {
        return event.getTenant().equals(tenant) && filter.matches(event.getType(), event.getSubject());
    }

    private static Optional<DomainEvent> decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.ofNullable(EVENTS.deserialize(record.topic(), record.value()));
        } catch (SerializationException e) {
            // Nobody hears of it live either; the shared reader has counted and logged it.
            return Optional.empty();
        }
    }

    private static List<TopicPartition> partitions(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
    }

    private static Positions positions(Map<TopicPartition, Long> offsets) {
        return Positions.of(offsets.entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().partition(), entry -> Objects.requireNonNull(entry.getValue()))));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
