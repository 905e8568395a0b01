package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpHeaders;

/** Reads and checks events in every content mode. Thread-safe. */
final class EventReader {

    private final StructuredEvent structured;
    private final BinaryEvent binary;
    private final InstantSource clock;
    private final int maxEventBytes;
    private final int maxBatchEvents;

    EventReader(StrictJson json, InstantSource clock, int maxEventBytes, int maxBatchEvents) {
        this.structured = new StructuredEvent(json);
        this.binary = new BinaryEvent(json);
        this.clock = clock;
        this.maxEventBytes = maxEventBytes;
        this.maxBatchEvents = maxBatchEvents;
    }

    Arrival readBinary(HttpHeaders headers, byte[] body, Caller caller) {
        EventFaults faults = EventFaults.ofHeaders();
        return check(binary.read(headers, body, faults), caller, faults);
    }

    Arrival readStructured(byte[] body, Caller caller) {
        EventFaults faults = EventFaults.ofMembers();
        return check(structured.read(body, faults), caller, faults);
    }

    /** Each item by itself: one that cannot be read leaves the others be. */
    List<BatchItem> readBatch(byte[] body, Caller caller) {
        return EventBatch.split(body, maxBatchEvents).stream()
                .map(item -> readItem(item, caller))
                .toList();
    }

    private BatchItem readItem(byte[] item, Caller caller) {
        if (item.length > maxEventBytes) {
            return new BatchItem.Broken(new ProblemException(
                    ProblemType.TOO_LARGE,
                    "Send events of at most " + maxEventBytes
                            + " bytes; put larger content elsewhere and link to it."));
        }
        try {
            return new BatchItem.Read(readStructured(item, caller));
        } catch (ProblemException e) {
            return new BatchItem.Broken(e);
        }
    }

    private Arrival check(RawEvent raw, Caller caller, EventFaults faults) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        EventDefaults defaults = new EventDefaults(UUID.randomUUID().toString(), "/tenants/" + caller.tenant(), now);
        return new Arrival(raw, EventRules.check(raw, defaults, faults), now);
    }
}
