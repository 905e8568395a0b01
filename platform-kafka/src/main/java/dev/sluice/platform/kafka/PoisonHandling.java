package dev.sluice.platform.kafka;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * What happens to a record that a listener cannot handle: it is tried again for about a second and a half, then copied
 * to the poison topic, and the partition moves on. When Kafka itself is the trouble the record waits until it is not.
 * For containers of raw bytes.
 */
public final class PoisonHandling extends DefaultErrorHandler {
    /** 100, 200, 400, 800 ms: well within the 5 s that poison may hold up its partition. */
    private static final int RETRIES = 4;

    PoisonHandling(PoisonPublisher poison) {
        super((record, error) -> poison.copyAndWait(record, "listener", error), retries());
        setBackOffFunction((record, error) -> isTransient(error) ? untilItWorks() : retries());
        setCommitRecovered(true);
    }

    /** Whether Kafka is to blame, and not a record that Kafka will never take. */
    static boolean isTransient(Throwable error) {
        boolean kafka = false;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (isPermanent(cause)) {
                return false;
            }
            // spring-kafka's own exception around what a listener threw is not one of these.
            kafka |= cause instanceof PublishFailedException
                    || cause instanceof PublisherOverloadedException
                    || cause instanceof KafkaException;
        }
        return kafka;
    }

    private static boolean isPermanent(Throwable cause) {
        return cause instanceof SerializationException
                || cause instanceof RecordTooLargeException
                || cause instanceof InvalidRecordException
                || cause instanceof InvalidTopicException;
    }

    private static BackOff retries() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
        backOff.setMaxAttempts(RETRIES);
        return backOff;
    }

    private static BackOff untilItWorks() {
        ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
        backOff.setMaxInterval(2_000);
        return backOff;
    }
}
