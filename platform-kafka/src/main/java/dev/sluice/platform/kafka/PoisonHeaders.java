package dev.sluice.platform.kafka;

import dev.sluice.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A copy of a record for its poison topic: key, value and headers byte for byte, then where it came from and why. No
 * stack trace: it may hold secrets, and the copy has to stay within the largest request.
 */
final class PoisonHeaders {
    static final String TOPIC = "sluice-poison-topic";
    static final String PARTITION = "sluice-poison-partition";
    static final String OFFSET = "sluice-poison-offset";
    static final String TIMESTAMP = "sluice-poison-timestamp";
    static final String READER = "sluice-poison-reader";
    static final String ERROR = "sluice-poison-error";

    private static final String SUFFIX = ".poison";

    private PoisonHeaders() {}

    static ProducerRecord<byte[], byte[]> copyOf(ConsumerRecord<?, ?> record, String reader, Throwable error) {
        ProducerRecord<byte[], byte[]> copy = new ProducerRecord<>(
                record.topic() + SUFFIX, null, null, (byte[]) record.key(), (byte[]) record.value(), record.headers());
        add(copy, TOPIC, record.topic());
        add(copy, PARTITION, String.valueOf(record.partition()));
        add(copy, OFFSET, String.valueOf(record.offset()));
        add(copy, TIMESTAMP, String.valueOf(record.timestamp()));
        add(copy, READER, reader);
        add(copy, ERROR, classify(error));
        return copy;
    }

    /** The reason of a decoder, else the class of the first cause. */
    static String classify(Throwable error) {
        Throwable cause = error;
        while (!(cause instanceof UndecodableRecordException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof UndecodableRecordException undecodable
                ? undecodable.reason().name()
                : cause.getClass().getName();
    }

    private static void add(ProducerRecord<byte[], byte[]> copy, String name, String value) {
        copy.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
