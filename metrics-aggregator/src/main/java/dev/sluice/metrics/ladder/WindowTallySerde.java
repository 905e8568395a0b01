package dev.sluice.metrics.ladder;

import dev.sluice.metrics.encoding.MalformedBytesException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The bytes of a window store and its changelog. */
final class WindowTallySerde<T extends Tally<T>> implements Serde<WindowTally<T>> {
    private final TallyKind<T> kind;

    WindowTallySerde(TallyKind<T> kind) {
        this.kind = kind;
    }

    @Override
    public Serializer<WindowTally<T>> serializer() {
        return (topic, tally) -> encode(tally);
    }

    @Override
    public Deserializer<WindowTally<T>> deserializer() {
        return (topic, bytes) -> decode(bytes);
    }

    private static <T extends Tally<T>> byte @Nullable [] encode(@Nullable WindowTally<T> tally) {
        return tally == null ? null : tally.encode();
    }

    private @Nullable WindowTally<T> decode(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return WindowTally.decode(kind, bytes);
        } catch (MalformedBytesException e) {
            throw new SerializationException("A stored tally " + e.getMessage(), e);
        }
    }
}
