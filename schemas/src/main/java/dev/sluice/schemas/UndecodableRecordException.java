package dev.sluice.schemas;

import org.jspecify.annotations.Nullable;

/** The bytes of a record cannot be read. Its reason is stable and safe to count by; its message names no content. */
public final class UndecodableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why bytes are not a record. */
    public enum Reason {
        /** There are no bytes. */
        EMPTY,
        /** More bytes than the reader accepts. */
        OVERSIZE,
        /** The bytes do not begin with 00 and a schema id. */
        NO_PREFIX,
        /** The schema id is not in the catalogue. */
        UNKNOWN_SCHEMA,
        /** The schema id belongs to another record. */
        WRONG_RECORD,
        /** The bytes end before the record does, or a length is longer than what is left. */
        TRUNCATED,
        /** Bytes follow the record. */
        TRAILING_BYTES,
        /** A string is not UTF-8. */
        INVALID_UTF8,
        /** A number, an enum, a union or a length is not one. */
        MALFORMED,
        /** Reading it took more stack or memory than there is. */
        EXHAUSTED
    }

    private final Reason reason;

    public UndecodableRecordException(Reason reason, String message) {
        this(reason, message, null);
    }

    public UndecodableRecordException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
