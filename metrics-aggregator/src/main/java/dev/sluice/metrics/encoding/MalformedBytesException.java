package dev.sluice.metrics.encoding;

/** Stored bytes that no version of this program wrote. */
public final class MalformedBytesException extends RuntimeException {
    public MalformedBytesException(String message) {
        super(message);
    }
}
