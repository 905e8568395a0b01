package dev.sluice.metrics.topology;

import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.tally.WindowTally;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The bytes of the window store and its changelog. */
final class WindowTallySerde implements Serde<WindowTally> {
    @Override
    public Serializer<WindowTally> serializer() {
        return (topic, tally) -> encode(tally);
    }

    @Override
    public Deserializer<WindowTally> deserializer() {
        return (topic, bytes) -> decode(bytes);
    }

    private static byte @Nullable [] encode(@Nullable WindowTally tally) {
        return tally == null ? null : tally.encode();
    }

    private static @Nullable WindowTally decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return WindowTally.decode(bytes);
        } catch (MalformedBytesException e) {
            throw new SerializationException("A stored tally " + e.getMessage(), e);
        }
    }
}
