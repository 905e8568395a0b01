package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.record.DomainEvent;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Puts events that were read on the log, and gives their receipts once they are there. Thread-safe; never blocks. */
final class EventIntake {

    private final EventPublisher publisher;
    private final Duration ackTimeout;

    EventIntake(EventPublisher publisher, Duration ackTimeout) {
        this.publisher = publisher;
        this.ackTimeout = ackTimeout;
    }

    Mono<EventReceipt> take(Arrival arrival, Caller caller) {
        return publish(record(arrival, caller));
    }

    /** Those about one subject keep the order of the batch. */
    Mono<List<Outcome>> takeAll(List<BatchItem> items, Caller caller) {
        // All are handed over, in order, before any is waited for.
        List<Mono<Outcome>> outcomes =
                items.stream().map(item -> outcomeOf(item, caller)).toList();
        return Flux.mergeSequential(outcomes, outcomes.size(), 1).collectList();
    }

    private Mono<Outcome> outcomeOf(BatchItem item, Caller caller) {
        return switch (item) {
            case BatchItem.Broken broken -> Mono.just(new Outcome.Refused(broken.problem()));
            case BatchItem.Read read ->
                take(read.arrival(), caller)
                        .<Outcome>map(Outcome.Taken::new)
                        .onErrorResume(ProblemException.class, problem -> Mono.just(new Outcome.Refused(problem)));
        };
    }

    private Mono<EventReceipt> publish(DomainEvent event) {
        // A client that goes away does not call its event back: it is on its way.
        return Mono.fromFuture(publisher.publish(event), true)
                .timeout(ackTimeout)
                .onErrorMap(IngestFailures::map)
                // Off the producer's thread, which all publishers of the process share.
                .publishOn(Schedulers.parallel())
                .map(at -> new EventReceipt(event.getId(), event.getSource(), at.topic(), at.partition(), at.offset()));
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
        return record;
    }
}
