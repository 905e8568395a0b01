package dev.sluice.metrics.topology;

/** A record that decodes but says something impossible; it goes to the poison topic. */
final class RefusedRecordException extends RuntimeException {
    RefusedRecordException(String message) {
        super(message);
    }
}
