package dev.sluice.platform.kafka;

/** Kafka did not confirm a record. It may have been written all the same. Worth another try. */
public class PublishFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PublishFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public PublishFailedException(String message) {
        super(message);
    }
}
