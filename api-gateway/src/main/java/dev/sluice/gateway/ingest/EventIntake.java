package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.DomainEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Takes one event from its bytes to the log, and gives its receipt once it is there. Thread-safe; never blocks. */
final class EventIntake {

    private final StructuredEvent structured;
    private final BinaryEvent binary;
    private final EventPublisher publisher;
    private final InstantSource clock;
    private final Duration ackTimeout;

    EventIntake(StrictJson json, EventPublisher publisher, InstantSource clock, Duration ackTimeout) {
        this.structured = new StructuredEvent(json);
        this.binary = new BinaryEvent(json);
        this.publisher = publisher;
        this.clock = clock;
        this.ackTimeout = ackTimeout;
    }

    /** Reads, checks and publishes one event. */
    Mono<EventReceipt> take(
            ContentMode mode, HttpHeaders headers, byte[] body, Identity identity, @Nullable String traceParent) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        EventDefaults defaults = new EventDefaults(UUID.randomUUID().toString(), "/tenants/" + identity.tenant(), now);
        CloudEvent event = read(mode, headers, body, defaults);
        return publish(record(event, identity, traceParent, now));
    }

    private CloudEvent read(ContentMode mode, HttpHeaders headers, byte[] body, EventDefaults defaults) {
        return switch (mode) {
            case BINARY -> {
                EventFaults faults = EventFaults.ofHeaders();
                yield EventRules.check(binary.read(headers, body, faults), defaults, faults);
            }
            case STRUCTURED -> {
                EventFaults faults = EventFaults.ofMembers();
                yield EventRules.check(structured.read(body, faults), defaults, faults);
            }
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

    private static DomainEvent record(
            CloudEvent event, Identity identity, @Nullable String traceParent, Instant receivedAt) {
        DomainEvent record = new DomainEvent();
        record.setId(event.id());
        record.setSource(event.source());
        record.setType(event.type());
        record.setSubject(event.subject());
        record.setTime(event.time());
        record.setTenant(identity.tenant());
        record.setDataContentType(event.dataContentType());
        record.setDataSchema(event.dataSchema());
        record.setData(event.data());
        record.setExtensions(event.extensions());
        record.setTraceParent(traceParent);
        record.setReceivedAt(receivedAt);
        record.setKeyId(identity.keyId());
        return record;
    }
}
