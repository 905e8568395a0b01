package dev.sluice.metrics.usage;

import dev.sluice.metrics.encoding.MalformedBytesException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The bytes of the store of pages and its changelog. */
final class UsagePageSerde implements Serde<UsagePage> {
    @Override
    public Serializer<UsagePage> serializer() {
        return (topic, page) -> encode(page);
    }

    @Override
    public Deserializer<UsagePage> deserializer() {
        return (topic, bytes) -> decode(bytes);
    }

    private static byte @Nullable [] encode(@Nullable UsagePage page) {
        return page == null ? null : page.encode();
    }

    private static @Nullable UsagePage decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return UsagePage.decode(bytes);
        } catch (MalformedBytesException e) {
            throw new SerializationException("A stored page " + e.getMessage(), e);
        }
    }
}
