package dev.sluice.gateway.ingest;

import java.util.Optional;

/** How it was made sure that an event is not on the log twice. */
enum Check {
    /** Not at all: it has no name by which it could come again. */
    NONE,
    /** It was new. */
    NEW,
    /** It was there, and was not written again. */
    REPLAYED,
    /** It could not be; it was written unseen. */
    UNCHECKED;

    static final String HEADER = "Sluice-Idempotency";

    /** What a producer is told, in the header and in the results of a batch; nothing when all is as usual. */
    Optional<String> tell() {
        return switch (this) {
            case NONE, NEW -> Optional.empty();
            case REPLAYED -> Optional.of("replayed");
            case UNCHECKED -> Optional.of("unchecked");
        };
    }
}
