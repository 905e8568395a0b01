package dev.sluice.platform.kafka;

import dev.sluice.schemas.RecordDecoder;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import dev.sluice.schemas.UndecodableRecordException;
import dev.sluice.schemas.UndecodableRecordException.Reason;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes typed records of raw ones. */
final class RecordReader<V extends SpecificRecord> {
    private final RecordDecoder<V> decoder;
    private final boolean tombstones;

    RecordReader(TopicDescriptor<V> topic, int maxBytes) {
        this.decoder = RecordDecoder.of(topic.valueType(), maxBytes);
        this.tombstones = topic.cleanup() != Cleanup.DELETE;
    }

    /** @throws UndecodableRecordException when key or value cannot be read, or the value is missing */
    @SuppressWarnings("NullAway") // The value of a ConsumerRecord is null for a tombstone; its API is not annotated.
    ConsumerRecord<String, V> read(ConsumerRecord<byte[], byte[]> raw) {
        String key = RecordKeys.decode(raw.key());
        @Nullable V value = raw.value() == null ? null : decoder.decode(raw.value());
        if (value == null && !tombstones) {
            throw new UndecodableRecordException(Reason.EMPTY, "the record has no value");
        }
        return new ConsumerRecord<>(
                raw.topic(),
                raw.partition(),
                raw.offset(),
                raw.timestamp(),
                raw.timestampType(),
                raw.serializedKeySize(),
                raw.serializedValueSize(),
                key,
                value,
                raw.headers(),
                raw.leaderEpoch());
    }
}
