package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Reads and checks events in every content mode. Thread-safe. */
final class EventReader {

    /** In place of a fresh id, which costs something, for an event that has one. */
    private static final String NOT_USED = "";

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
        return checkOne(binary.read(headers, body, faults), caller, faults);
    }

    Arrival readStructured(byte[] body, Caller caller) {
        if (body.length > maxEventBytes) {
            throw tooLarge().withField("body");
        }
        EventFaults faults = EventFaults.ofMembers();
        return checkOne(structured.read(body, faults), caller, faults);
    }

    /** Each item by itself: one that cannot be read leaves the others be. */
    List<BatchItem> readBatch(byte[] body, Caller caller) {
        List<byte[]> items = EventBatch.split(body, maxBatchEvents);
        return IntStream.range(0, items.size())
                .mapToObj(i -> readItem(items.get(i), i, caller))
                .toList();
    }

    int maxEventBytes() {
        return maxEventBytes;
    }

    /**
     * What the lines of an upload are.
     *
     * @throws ProblemException when its headers are no attributes that all its events can have
     */
    ImportForm readForm(HttpHeaders headers, Caller caller) {
        if (!BinaryEvent.isAnnouncedBy(headers)) {
            return new ImportForm.Events();
        }
        EventFaults faults = EventFaults.ofHeaders();
        Map<String, String> attributes = BinaryEvent.readAttributes(headers, faults);
        if (attributes.remove("id") != null) {
            faults.add(
                    ProblemType.INVALID_FIELD,
                    "id",
                    "Leave the header out: of all these events, each gets an id by the Idempotency-Key and its line.");
        }
        attributes.put(EventRules.DATA_CONTENT_TYPE, MediaTypes.JSON);
        Arrival ignored =
                check(new RawEvent(attributes, null), EventNaming.NONE, EventReader::randomId, caller, faults);
        return new ImportForm.Data(attributes);
    }

    /**
     * The event in a line of an upload.
     *
     * @param seed by which an event without an id gets one, with the number of its line
     */
    BatchItem readLine(ImportLine line, ImportForm form, String seed, Caller caller) {
        byte[] text = line.text();
        if (text == null) {
            return new BatchItem.Broken(tooLarge());
        }
        try {
            return new BatchItem.Read(
                    switch (form) {
                        case ImportForm.Events ignored -> readPlaced(text, seed, line.number(), caller);
                        case ImportForm.Data data -> readData(text, data, seed, line.number(), caller);
                    });
        } catch (ProblemException e) {
            return new BatchItem.Broken(e);
        }
    }

    private BatchItem readItem(byte[] item, int place, Caller caller) {
        if (item.length > maxEventBytes) {
            return new BatchItem.Broken(tooLarge());
        }
        try {
            return new BatchItem.Read(readPlaced(item, caller.idempotencyKey(), place, caller));
        } catch (ProblemException e) {
            return new BatchItem.Broken(e);
        }
    }

    /**
     * An event of many in one request.
     *
     * @param seed by which an event without an id gets one with its place, the same each time, so that the request can be
     *     repeated; null when it is new each time
     */
    private Arrival readPlaced(byte[] item, @Nullable String seed, long place, Caller caller) {
        EventFaults faults = EventFaults.ofMembers();
        RawEvent raw = structured.read(item, faults);
        return seed == null
                ? check(raw, namingOf(raw), EventReader::randomId, caller, faults)
                : check(raw, EventNaming.BY_ID, placedId(seed, place, caller), caller, faults);
    }

    private Arrival readData(byte[] text, ImportForm.Data form, String seed, long place, Caller caller) {
        EventFaults faults = EventFaults.ofHeaders();
        RawEvent raw = binary.readData(form.attributes(), text, faults);
        return check(raw, EventNaming.BY_ID, placedId(seed, place, caller), caller, faults);
    }

    /** An event that is alone in its request. */
    private Arrival checkOne(RawEvent raw, Caller caller, EventFaults faults) {
        EventNaming naming = caller.idempotencyKey() == null ? namingOf(raw) : EventNaming.BY_KEY;
        return check(raw, naming, EventReader::randomId, caller, faults);
    }

    private static EventNaming namingOf(RawEvent raw) {
        return raw.attributes().containsKey("id") ? EventNaming.BY_ID : EventNaming.NONE;
    }

    private static Supplier<String> placedId(String key, long place, Caller caller) {
        return () -> Fingerprint.name(caller.tenant(), key, Long.toString(place));
    }

    private static String randomId() {
        return UUID.randomUUID().toString();
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ProblemType.TOO_LARGE,
                "Send events of at most " + maxEventBytes + " bytes; put larger content elsewhere and link to it.");
    }

    private Arrival check(
            RawEvent raw, EventNaming naming, Supplier<String> freshId, Caller caller, EventFaults faults) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        EventDefaults defaults = new EventDefaults(
                raw.attributes().containsKey("id") ? NOT_USED : freshId.get(), "/tenants/" + caller.tenant(), now);
        return new Arrival(raw, EventRules.check(raw, defaults, faults), naming, now);
    }
}
