package dev.sluice.platform.kafka;

/** Too much is waiting to be published; the record was not taken. Worth another try in a moment. */
public final class PublisherOverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PublisherOverloadedException(String message) {
        super(message);
    }
}
