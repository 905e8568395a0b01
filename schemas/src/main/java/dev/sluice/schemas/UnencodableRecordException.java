package dev.sluice.schemas;

import org.jspecify.annotations.Nullable;

/** A record cannot become bytes: a required field is missing, a string is not Unicode, or it is too large. */
public final class UnencodableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean oversize;

    UnencodableRecordException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.oversize = false;
    }

    UnencodableRecordException(int size, int maxBytes) {
        super("record is " + size + " bytes, more than " + maxBytes);
        this.oversize = true;
    }

    /** Whether the record is well formed but larger than a reader accepts; a batch can be cut in two. */
    public boolean oversize() {
        return oversize;
    }
}
