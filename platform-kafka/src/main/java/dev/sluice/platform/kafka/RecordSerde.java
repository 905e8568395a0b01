package dev.sluice.platform.kafka;

import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.RecordEncoder;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.UndecodableRecordException;
import dev.sluice.schemas.UnencodableRecordException;
import dev.sluice.schemas.WireFormat;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The values of a topic for Kafka's own clients. Null stays null: it is a tombstone. Whatever hostile bytes do to the
 * reader, {@link Error}s included, comes out as a {@link SerializationException}, which clients can handle.
 */
public final class RecordSerde<V extends SpecificRecord> implements Serde<V> {
    private final RecordEncoder<V> encoder;
    private final RecordDecoder<V> decoder;

    private RecordSerde(Class<V> type, int maxBytes) {
        this.encoder = RecordEncoder.of(type, maxBytes);
        this.decoder = RecordDecoder.of(type, maxBytes);
    }

    public static <V extends SpecificRecord> RecordSerde<V> of(TopicDescriptor<V> topic) {
        return of(topic, WireFormat.DEFAULT_MAX_BYTES);
    }

    public static <V extends SpecificRecord> RecordSerde<V> of(TopicDescriptor<V> topic, int maxBytes) {
        return new RecordSerde<>(topic.valueType(), maxBytes);
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka passes and expects null for tombstones; its API is not annotated.
    public Serializer<V> serializer() {
        return (topic, value) -> value == null ? null : encode(value);
    }

    @Override
    @SuppressWarnings("NullAway") // Kafka passes and expects null for tombstones; its API is not annotated.
    public Deserializer<V> deserializer() {
        return (topic, bytes) -> bytes == null ? null : decode(bytes);
    }

    private byte[] encode(V value) {
        try {
            return encoder.encode(value);
        } catch (UnencodableRecordException e) {
            throw new SerializationException(e.getMessage(), e);
        }
    }

    private V decode(byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (UndecodableRecordException e) {
            throw new SerializationException(e.reason() + ": " + e.getMessage(), e);
        }
    }
}
