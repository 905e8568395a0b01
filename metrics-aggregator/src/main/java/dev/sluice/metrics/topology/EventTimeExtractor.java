package dev.sluice.metrics.topology;

import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.RequestBatch;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/** Takes the time of a batch from its content, or from the record when it has none, and clamps it. */
public final class EventTimeExtractor implements TimestampExtractor {
    private final EventTime eventTime;
    private final InstantSource clock;
    private final AggregationCounters counters;

    public EventTimeExtractor(EventTime eventTime, InstantSource clock, AggregationCounters counters) {
        this.eventTime = eventTime;
        this.clock = clock;
        this.counters = counters;
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long claimed = claimedMillis(record);
        long accepted = eventTime.clampMillis(claimed, clock.millis(), partitionTime);
        if (accepted != claimed) {
            counters.clampedTimestamp();
        }
        return accepted;
    }

    private static long claimedMillis(ConsumerRecord<Object, Object> record) {
        return switch (record.value()) {
            case CacheReadBatch reads -> reads.getFirstAt().toEpochMilli();
            case RequestBatch requests -> requests.getFirstAt().toEpochMilli();
            case DeliveryAttempt attempt -> attempt.getAt().toEpochMilli();
            case DomainEvent event -> event.getReceivedAt().toEpochMilli();
            case null, default -> record.timestamp();
        };
    }
}
