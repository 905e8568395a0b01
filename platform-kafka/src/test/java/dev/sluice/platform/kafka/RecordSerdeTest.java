package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.Randomness;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.TopicDescriptor.Cleanup;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class RecordSerdeTest {
    private final TopicDescriptor<DomainEvent> topic = TestPlatform.topic(DomainEvent.class, Cleanup.DELETE);
    private final RecordSerde<DomainEvent> serde = RecordSerde.of(topic);

    @Test
    void readsWhatItWrote() {
        DomainEvent event = HostileRecords.event("id");
        byte[] bytes = serde.serializer().serialize(topic.name(), event);
        assertThat(serde.deserializer().deserialize(topic.name(), bytes)).isEqualTo(event);
    }

    @Test
    void leavesTombstonesAlone() {
        assertThat(serde.serializer().serialize(topic.name(), null)).isNull();
        assertThat(serde.deserializer().deserialize(topic.name(), (byte[]) null))
                .isNull();
    }

    @Test
    void makesAnExceptionOfWhateverHostileBytesDo() {
        byte[] good = HostileRecords.good("good");
        for (ProducerRecord<byte[], byte[]> record : HostileRecords.all(topic.name(), Randomness.seeded())) {
            byte[] value = record.value();
            if (value != null && !Arrays.equals(value, good)) {
                assertThatThrownBy(() -> serde.deserializer().deserialize(topic.name(), value))
                        .isInstanceOf(SerializationException.class);
            }
        }
    }

    @Test
    void refusesWhatItWouldNotRead() {
        RecordSerde<DomainEvent> small = RecordSerde.of(topic, 64);
        DomainEvent event = HostileRecords.event("x".repeat(64));
        byte[] bytes = serde.serializer().serialize(topic.name(), event);
        assertThatThrownBy(() -> small.serializer().serialize(topic.name(), event))
                .isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> small.deserializer().deserialize(topic.name(), bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("OVERSIZE");
    }
}
