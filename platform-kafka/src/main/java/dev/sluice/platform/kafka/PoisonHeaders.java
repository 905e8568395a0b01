package dev.sluice.platform.kafka;

import dev.sluice.schemas.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

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

    /** Bytes of key, value and headers together; present only when some of them were left out. */
    static final String OMITTED = "sluice-poison-omitted-bytes";

    private static final String SUFFIX = ".poison";
    /** The headers of this class, whose longest values are a topic (249), a group and a class name, and a batch frame. */
    private static final int OWN_HEADERS_BYTES = 2_048;
    /** Two variable-length integers of at most five bytes. */
    private static final int MOST_HEADER_FRAME_BYTES = 10;

    private PoisonHeaders() {}

    /** A copy that takes at most that many bytes: what does not fit is left out, and a header says how much it was. */
    static ProducerRecord<byte[], byte[]> copyOf(
            ConsumerRecord<?, ?> record, String reader, Throwable error, int maxBytes) {
        byte @Nullable [] key = (byte[]) record.key();
        byte @Nullable [] value = (byte[]) record.value();
        long frame = sizeOf(record.headers()) + lengthOf(key) + OWN_HEADERS_BYTES;
        long size = frame + lengthOf(value);
        if (size <= maxBytes) {
            return describe(bare(record, key, value, record.headers()), record, reader, error);
        }
        // A broker counts compressed bytes, so a foreign producer can write what we could never send.
        boolean keepFrame = frame <= maxBytes;
        ProducerRecord<byte[], byte[]> copy =
                keepFrame ? bare(record, key, null, record.headers()) : bare(record, null, null, new RecordHeaders());
        add(copy, OMITTED, String.valueOf(size - OWN_HEADERS_BYTES));
        return describe(copy, record, reader, error);
    }

    @SuppressWarnings("NullAway") // Kafka takes records without key or value; its API is not annotated.
    private static ProducerRecord<byte[], byte[]> bare(
            ConsumerRecord<?, ?> record, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return new ProducerRecord<>(record.topic() + SUFFIX, null, null, key, value, headers);
    }

    private static ProducerRecord<byte[], byte[]> describe(
            ProducerRecord<byte[], byte[]> copy, ConsumerRecord<?, ?> record, String reader, Throwable error) {
        add(copy, TOPIC, record.topic());
        add(copy, PARTITION, String.valueOf(record.partition()));
        add(copy, OFFSET, String.valueOf(record.offset()));
        add(copy, TIMESTAMP, String.valueOf(record.timestamp()));
        add(copy, READER, reader);
        add(copy, ERROR, classify(error));
        return copy;
    }

    private static long sizeOf(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += MOST_HEADER_FRAME_BYTES + 3L * header.key().length() + lengthOf(header.value());
        }
        return size;
    }

    private static long lengthOf(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
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
