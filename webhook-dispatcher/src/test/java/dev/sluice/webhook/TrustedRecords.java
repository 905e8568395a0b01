package dev.sluice.webhook;

import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.RecordDecoder;

/** Builders of records copy enums, for which Avro must trust our classes; a codec brings that about. */
public final class TrustedRecords {

    static {
        RecordDecoder<DomainEvent> _ = RecordDecoder.of(DomainEvent.class);
    }

    private TrustedRecords() {}

    /** To be called before the first record is built by a test that uses no codec. */
    public static void load() {
        // Loading this class did it.
    }
}
