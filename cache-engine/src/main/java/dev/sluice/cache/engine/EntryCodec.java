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
 * header  0xC2 | kind: 0 tombstone, 1 value, 2 absence | version, 8 | stored at, µs, 8 | ends at, µs, 8
 *         cost, µs, 8 | token of the lease or 0, 8 | lease ends at, µs, 8
 * life    fresh, ms, 8 | stale while revalidate, ms, 8 | stale if error, ms, 8
 * value   length of content type, 1 | content type in UTF-8 | length of bytes, 4 | bytes
 * </pre>
 *
 * A tombstone is a header alone, an absence ends after its life. A byte too few or too many is refused.
 */
final class EntryCodec {

    static final int FORMAT = 0xC2;
    static final int TOMBSTONE = 0;
    static final int VALUE = 1;
    static final int ABSENCE = 2;

    private static final int LIFE_BYTES = 3 * Long.BYTES;
    private static final int LEASE_BYTES = 2 * Long.BYTES;

    private EntryCodec() {}

    static int kind(CacheValue value) {
        return value.isAbsence() ? ABSENCE : VALUE;
    }

    /** What follows the header. */
    static ByteBuffer encodeBody(CacheValue value, Lifetime lifetime) {
        byte[] contentType = value.contentType().getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(LIFE_BYTES + 1 + contentType.length + 4 + value.size())
                .putLong(lifetime.fresh().toMillis())
                .putLong(lifetime.staleWhileRevalidate().toMillis())
                .putLong(lifetime.staleIfError().toMillis());
        if (value.isAbsence()) {
            return body.flip();
        }
        return body.put((byte) contentType.length)
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
        require(kind == TOMBSTONE || kind == VALUE || kind == ABSENCE, "its kind is unknown");
        long version = bytes.getLong();
        require(version > 0, "its version is not positive");
        long lifeMicros = -bytes.getLong() + bytes.getLong();
        require(lifeMicros > 0, "it ends before it is stored");
        long costMicros = bytes.getLong();
        require(costMicros >= 0, "its cost is negative");
        require(bytes.remaining() >= LEASE_BYTES, "it ends too early");
        bytes.position(bytes.position() + LEASE_BYTES);
        if (kind == TOMBSTONE) {
            require(!bytes.hasRemaining(), "it goes on after its end");
            return Optional.empty();
        }
        Lifetime lifetime = decodeLife(bytes, lifeMicros);
        CacheValue value = kind == ABSENCE ? CacheValue.absence() : decodeValue(bytes);
        require(!bytes.hasRemaining(), "it goes on after its end");
        return Optional.of(new Stored(value, version, lifetime, Duration.of(costMicros, ChronoUnit.MICROS)));
    }

    private static Lifetime decodeLife(ByteBuffer bytes, long lifeMicros) throws UnreadableEntryException {
        long fresh = bytes.getLong();
        long revalidate = bytes.getLong();
        long error = bytes.getLong();
        require(fresh > 0 && revalidate >= 0 && error >= 0, "its life is negative");
        long whole = fresh + Math.max(revalidate, error);
        require(whole > 0 && whole == lifeMicros / 1000, "its life does not fit its end");
        return new Lifetime(Duration.ofMillis(fresh), Duration.ofMillis(revalidate), Duration.ofMillis(error));
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
    record Stored(CacheValue value, long version, Lifetime lifetime, Duration cost) {}
}
