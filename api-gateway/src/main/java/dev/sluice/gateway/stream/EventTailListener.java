package dev.sluice.gateway.stream;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.platform.kafka.RecordListener;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Hears every event once as it comes to the log, and hands it to the streams of its tenant. Thread-safe; records come on
 * one thread.
 */
final class EventTailListener implements RecordListener<DomainEvent> {

    static final TopicDescriptor<DomainEvent> TOPIC = Topics.EVENTS;

    private final Map<String, Set<EventStream>> byTenant = new ConcurrentHashMap<>();
    private volatile Supplier<Optional<Positions>> heard = Optional::empty;

    static EventTailListener follow(LogFollowers followers) {
        EventTailListener listener = new EventTailListener();
        LogFollower follower = followers.follow(TOPIC, listener, listener::setBack);
        listener.hearing(() -> follower.position().map(Positions::of));
        return listener;
    }

    /** Tells how far the reader is; a record counts as heard from before it is told. */
    void hearing(Supplier<Optional<Positions>> positions) {
        heard = positions;
    }

    /** Who joins and then asks this hears everything that stands behind; empty while the end of the log is not found. */
    Optional<Positions> positions() {
        return heard.get();
    }

    /** The log is another one, or shorter than it was; told before anything is heard of it. */
    void setBack() {
        byTenant.values().forEach(streams -> streams.forEach(EventStream::lookAnew));
    }

    /** From now on the stream hears the events of its tenant. */
    void join(EventStream stream) {
        byTenant.compute(stream.tenant(), (tenant, streams) -> {
            Set<EventStream> joined = streams == null ? ConcurrentHashMap.newKeySet() : streams;
            joined.add(stream);
            return joined;
        });
    }

    /** No error when it has not joined. */
    void leave(EventStream stream) {
        byTenant.computeIfPresent(stream.tenant(), (tenant, streams) -> {
            streams.remove(stream);
            return streams.isEmpty() ? null : streams;
        });
    }

    @Override
    public void onRecord(ConsumerRecord<String, DomainEvent> record) {
        DomainEvent event = record.value();
        Set<EventStream> streams = byTenant.get(event.getTenant());
        if (streams == null) {
            return;
        }
        StreamedEvent written = null;
        for (EventStream stream : streams) {
            if (stream.filter().matches(event.getType(), event.getSubject())) {
                written = written == null ? write(record, event) : written;
                stream.hear(written);
            }
        }
    }

    private StreamedEvent write(ConsumerRecord<String, DomainEvent> record, DomainEvent event) {
        Positions behind = heard.get().orElseGet(Positions::of).with(record.partition(), record.offset() + 1);
        return StreamedEvent.of(record, event, behind);
    }
}
