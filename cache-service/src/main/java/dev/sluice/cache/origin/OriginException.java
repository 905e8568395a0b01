package dev.sluice.cache.origin;

import java.util.OptionalInt;

/** An origin gave no value. The message says why, in words for the tenant whose origin it is. */
public final class OriginException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final int status;

    /** What an origin did. */
    public enum Kind {
        /** It did not answer in time. */
        TOO_SLOW,
        /** It could not be asked, or answered what is no value. */
        NO_VALUE
    }

    OriginException(Kind kind, String message) {
        this(kind, message, 0);
    }

    OriginException(Kind kind, String message, int status) {
        super(message, null, false, false);
        this.kind = kind;
        this.status = status;
    }

    public static OriginException tooSlow() {
        return new OriginException(Kind.TOO_SLOW, "The origin did not answer in time.");
    }

    public Kind kind() {
        return kind;
    }

    /** The status that it answered, if it did. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }
}
