package dev.sluice.cache.engine;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One entry as one Redis string, numbers big-endian. The scripts write the header and this class the rest, so that
 * version and times are those of Redis.
 *
 * <pre>
 * header  0xC1 | kind: 0 tombstone, 1 value | version, 8 | stored at, µs, 8 | expires at, µs, 8
 * value   length of content type, 1 | content type in UTF-8 | length of bytes, 4 | bytes
 * </pre>
 *
 * A tombstone is a header alone. A byte too few or too many is refused.
 */
final class EntryCodec {

    static final int FORMAT = 0xC1;
    static final int TOMBSTONE = 0;
    static final int VALUE = 1;

    private EntryCodec() {}

    /** What follows the header. */
    static ByteBuffer encodeBody(CacheValue value) {
        byte[] contentType = value.contentType().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + contentType.length + 4 + value.size())
                .put((byte) contentType.length)
                .put(contentType)
                .putInt(value.size())
                .put(value.bytes())
                .flip();
    }

    /** Empty for a tombstone. */
    static Optional<Stored> decode(ByteBuffer bytes) throws UnreadableEntryException {
        try {
            return decodeExactly(bytes.slice());
        } catch (BufferUnderflowException e) {
            throw new UnreadableEntryException("it ends too early");
        } catch (CharacterCodingException e) {
            throw new UnreadableEntryException("its content type is not UTF-8");
        }
    }

    private static Optional<Stored> decodeExactly(ByteBuffer bytes)
            throws UnreadableEntryException, CharacterCodingException {
        require(Byte.toUnsignedInt(bytes.get()) == FORMAT, "its format is unknown");
        int kind = bytes.get();
        require(kind == TOMBSTONE || kind == VALUE, "its kind is unknown");
        long version = bytes.getLong();
        require(version > 0, "its version is not positive");
        long lifeMicros = -bytes.getLong() + bytes.getLong();
        require(lifeMicros > 0, "it expires before it is stored");
        if (kind == TOMBSTONE) {
            require(!bytes.hasRemaining(), "it goes on after its end");
            return Optional.empty();
        }
        CacheValue value = decodeValue(bytes);
        require(!bytes.hasRemaining(), "it goes on after its end");
        return Optional.of(new Stored(value, version, Duration.of(lifeMicros, ChronoUnit.MICROS)));
    }

    private static CacheValue decodeValue(ByteBuffer bytes) throws UnreadableEntryException, CharacterCodingException {
        int contentTypeLength = Byte.toUnsignedInt(bytes.get());
        require(contentTypeLength <= bytes.remaining(), "it ends too early");
        String contentType = StandardCharsets.UTF_8
                .newDecoder()
                .decode(bytes.slice(bytes.position(), contentTypeLength))
                .toString();
        bytes.position(bytes.position() + contentTypeLength);
        int length = bytes.getInt();
        require(length >= 0 && length <= bytes.remaining(), "it ends too early");
        byte[] value = new byte[length];
        bytes.get(value);
        return CacheValue.of(value, contentType);
    }

    private static void require(boolean holds, String otherwise) throws UnreadableEntryException {
        if (!holds) {
            throw new UnreadableEntryException(otherwise);
        }
    }

    /** A value with the whole life that it was given. */
    record Stored(CacheValue value, long version, Duration life) {}
}
