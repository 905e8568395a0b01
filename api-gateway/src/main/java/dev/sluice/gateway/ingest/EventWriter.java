package dev.sluice.gateway.ingest;

import dev.sluice.platform.kafka.PublisherOverloadedException;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.UnencodableRecordException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Writes events to the log, and finds those that were written. Thread-safe; never blocks. */
final class EventWriter {

    private final EventPublisher publisher;
    private final EventSearch search;

    EventWriter(EventPublisher publisher, EventSearch search) {
        this.publisher = publisher;
        this.search = search;
    }

    /** Hands the event over now, not when it is subscribed to; those about one subject stay in the order of the calls. */
    Mono<EventReceipt> write(Arrival arrival, Caller caller) {
        DomainEvent event = record(arrival, caller);
        // A client that goes away does not call its event back: it is on its way.
        return Mono.fromFuture(publisher.publish(event), true)
                // Off the producer's thread, which all publishers of the process share.
                .publishOn(Schedulers.parallel())
                .map(at -> receiptOf(event, at));
    }

    /**
     * The same for one of many, in two steps: encodes the event now, and hands it over when the result is run. {@code then} is told on the producer's
     * thread, which all publishers of the process share.
     */
    Runnable prepare(Arrival arrival, Caller caller, BiConsumer<@Nullable EventReceipt, @Nullable Throwable> then) {
        DomainEvent event = record(arrival, caller);
        Supplier<CompletableFuture<RecordMetadata>> prepared = publisher.prepare(event);
        return () -> {
            CompletableFuture<?> _ = prepared.get()
                    .whenComplete((at, failure) -> then.accept(failure == null ? receiptOf(event, at) : null, failure));
        };
    }

    private static EventReceipt receiptOf(DomainEvent event, RecordMetadata at) {
        return new EventReceipt(event.getId(), event.getSource(), at.topic(), at.partition(), at.offset());
    }

    /** Whether a failure to write says that the event is not on the log and will not come there. */
    static boolean isUnwritten(Throwable failure) {
        return failure instanceof PublisherOverloadedException || failure instanceof UnencodableRecordException;
    }

    /** Where the event was written by who had its claim since then; empty when it was not. */
    Mono<Optional<EventReceipt>> find(Arrival arrival, Caller caller, Instant since) {
        CloudEvent event = arrival.event();
        String key = EventPublisher.keyOf(caller.tenant(), event.subject(), event.id());
        return Mono.fromFuture(search.find(key, event.source(), event.id(), since), true)
                .publishOn(Schedulers.parallel());
    }

    private static DomainEvent record(Arrival arrival, Caller caller) {
        CloudEvent event = arrival.event();
        DomainEvent record = new DomainEvent();
        record.setId(event.id());
        record.setSource(event.source());
        record.setType(event.type());
        record.setSubject(event.subject());
        record.setTime(event.time());
        record.setTenant(caller.tenant());
        record.setDataContentType(event.dataContentType());
        record.setDataSchema(event.dataSchema());
        record.setData(event.data());
        record.setExtensions(event.extensions());
        record.setTraceParent(caller.traceParent());
        record.setReceivedAt(arrival.receivedAt());
        record.setKeyId(caller.identity().keyId());
        record.setIdempotencyKey(caller.idempotencyKey());
        return record;
    }
}
