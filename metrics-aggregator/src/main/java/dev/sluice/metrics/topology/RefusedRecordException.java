package dev.sluice.metrics.topology;

/** A record that decodes but says something impossible; it goes to the poison topic. */
public final class RefusedRecordException extends RuntimeException {
    public RefusedRecordException(String message) {
        super(message);
    }
}
