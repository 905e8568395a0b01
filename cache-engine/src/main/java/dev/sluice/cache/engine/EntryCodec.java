package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.Stamp;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One entry as one Redis string, numbers big-endian. The scripts write the header and this class the rest, so that
 * version and times are those of Redis.
 *
 * <pre>
 * header  0xC3 | kind: 0 tombstone, 1 value, 2 absence, 16 more if it ends idle | version, 8 | stored at, µs, 8 | ends at, µs, 8
 *         cost, µs, 8 | token of the lease or 0, 8 | lease ends at, µs, 8 | start, as a version, 8
 * life    fresh, ms, 8 | stale while revalidate, ms, 8 | stale if error, ms, 8 | idle, ms, 8, if it ends idle
 * tags    how many, 1 | of each: length, 1, and the tag in UTF-8
 * value   length of content type, 1 | content type in UTF-8 | length of bytes, 4 | form: 0 plain, 1 packed, 2 more with a validator
 *         length of the validator, 1 | the validator in UTF-8, if it has one | the rest
 * </pre>
 *
 * A tombstone is a header alone, an absence ends after its tags. A byte too few or too many is refused.
 */
final class EntryCodec {

    static final int FORMAT = 0xC3;
    static final int TOMBSTONE = 0;
    static final int VALUE = 1;
    static final int ABSENCE = 2;
    static final int ENDS_IDLE = 16;

    private static final int PLAIN = 0;
    private static final int PACKED = 1;
    private static final int VALIDATED = 2;

    private static final int LIFE_BYTES = 3 * Long.BYTES;

    static final int HEADER_BYTES = 2 + 7 * Long.BYTES;

    /** Header, life and tags are within this many bytes. */
    static final int HEAD_BYTES =
            HEADER_BYTES + LIFE_BYTES + Long.BYTES + 1 + CacheValue.MAX_TAGS * (1 + CacheValue.MAX_TAG_BYTES);

    private static final int LEASE_BYTES = 2 * Long.BYTES;

    private EntryCodec() {}

    static int kind(CacheValue value, Lifetime lifetime) {
        return (value.isAbsence() ? ABSENCE : VALUE) + (lifetime.endsIdle() ? ENDS_IDLE : 0);
    }

    /** What follows the header, with the value as it is. */
    static ByteBuffer encodeBody(CacheValue value, Lifetime lifetime) {
        return encodeBody(value, lifetime, Integer.MAX_VALUE);
    }

    /** What follows the header; values of so many bytes are packed when that makes them smaller. */
    static ByteBuffer encodeBody(CacheValue value, Lifetime lifetime, int packFrom) {
        Optional<byte[]> packed = value.size() >= packFrom ? Packing.pack(value.bytes()) : Optional.empty();
        byte[] bytes = packed.orElse(value.bytes());
        byte[] contentType = value.contentType().getBytes(StandardCharsets.UTF_8);
        byte[] tags = encodeTags(value.tags());
        byte[] validator = value.validator().getBytes(StandardCharsets.UTF_8);
        boolean validated = validator.length > 0;
        int idleBytes = lifetime.endsIdle() ? Long.BYTES : 0;
        ByteBuffer body = ByteBuffer.allocate(LIFE_BYTES
                        + idleBytes
                        + tags.length
                        + 1
                        + contentType.length
                        + 5
                        + 1
                        + validator.length
                        + bytes.length)
                .putLong(lifetime.fresh().toMillis())
                .putLong(lifetime.staleWhileRevalidate().toMillis())
                .putLong(lifetime.staleIfError().toMillis());
        if (lifetime.endsIdle()) {
            body.putLong(lifetime.idle().toMillis());
        }
        body.put(tags);
        if (value.isAbsence()) {
            return body.flip();
        }
        body.put((byte) contentType.length)
                .put(contentType)
                .putInt(value.size())
                .put((byte) ((packed.isPresent() ? PACKED : PLAIN) + (validated ? VALIDATED : 0)));
        if (validated) {
            body.put((byte) validator.length).put(validator);
        }
        return body.put(bytes).flip();
    }

    private static byte[] encodeTags(List<String> tags) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tags.size());
        for (String tag : tags) {
            byte[] encoded = tag.getBytes(StandardCharsets.UTF_8);
            bytes.write(encoded.length);
            bytes.writeBytes(encoded);
        }
        return bytes.toByteArray();
    }

    /** Of the first {@link #HEAD_BYTES} of an entry, or all when it is shorter; empty for a tombstone. */
    static Optional<Head> decodeHead(ByteBuffer bytes) throws UnreadableEntryException {
        try {
            ByteBuffer rest = bytes.slice();
            Optional<Header> header = decodeHeader(rest);
            return header.isEmpty() ? Optional.empty() : Optional.of(decodeHead(rest, header.get()));
        } catch (BufferUnderflowException e) {
            throw new UnreadableEntryException("it ends too early");
        } catch (CharacterCodingException e) {
            throw new UnreadableEntryException("a tag is not UTF-8");
        }
    }

    /** Of the header of an entry or a tombstone; empty for what is neither. */
    static Optional<Stamp> decodeStamp(ByteBuffer header) {
        ByteBuffer bytes = header.slice();
        if (bytes.remaining() < HEADER_BYTES || Byte.toUnsignedInt(bytes.get()) != FORMAT) {
            return Optional.empty();
        }
        int kind = bytes.get();
        return Optional.of(new Stamp(bytes.getLong(), kind != TOMBSTONE));
    }

    /** Empty for a tombstone. */
    static Optional<Stored> decode(ByteBuffer bytes) throws UnreadableEntryException {
        try {
            return decodeExactly(bytes.slice());
        } catch (BufferUnderflowException e) {
            throw new UnreadableEntryException("it ends too early");
        } catch (CharacterCodingException e) {
            throw new UnreadableEntryException("its content type or a tag is not UTF-8");
        }
    }

    private static Optional<Stored> decodeExactly(ByteBuffer bytes)
            throws UnreadableEntryException, CharacterCodingException {
        Optional<Header> header = decodeHeader(bytes);
        if (header.isEmpty()) {
            require(!bytes.hasRemaining(), "it goes on after its end");
            return Optional.empty();
        }
        Head head = decodeHead(bytes, header.get());
        CacheValue value = header.get().kind() == ABSENCE ? CacheValue.absence() : decodeValue(bytes);
        require(!bytes.hasRemaining(), "it goes on after its end");
        return Optional.of(new Stored(value.withTags(head.tags()), head));
    }

    /** Empty for a tombstone. */
    private static Optional<Header> decodeHeader(ByteBuffer bytes) throws UnreadableEntryException {
        require(Byte.toUnsignedInt(bytes.get()) == FORMAT, "its format is unknown");
        int form = bytes.get();
        boolean endsIdle = form >= ENDS_IDLE;
        int kind = endsIdle ? form - ENDS_IDLE : form;
        require(!endsIdle || kind != TOMBSTONE, "its kind is unknown");
        require(kind == TOMBSTONE || kind == VALUE || kind == ABSENCE, "its kind is unknown");
        long version = bytes.getLong();
        require(version > 0, "its version is not positive");
        long lifeMicros = -bytes.getLong() + bytes.getLong();
        require(lifeMicros > 0, "it ends before it is stored");
        long costMicros = bytes.getLong();
        require(costMicros >= 0, "its cost is negative");
        require(bytes.remaining() >= LEASE_BYTES, "it ends too early");
        bytes.position(bytes.position() + LEASE_BYTES);
        long start = bytes.getLong();
        require(start > 0 && start <= version, "it is begun after it is stored");
        return kind == TOMBSTONE
                ? Optional.empty()
                : Optional.of(new Header(
                        kind, endsIdle, version, start, lifeMicros, Duration.of(costMicros, ChronoUnit.MICROS)));
    }

    private static Head decodeHead(ByteBuffer bytes, Header header)
            throws UnreadableEntryException, CharacterCodingException {
        Lifetime absolute = decodeLife(bytes, header.lifeMicros());
        Lifetime lifetime = header.endsIdle() ? absolute.withIdle(decodeIdle(bytes)) : absolute;
        int count = Byte.toUnsignedInt(bytes.get());
        require(count <= CacheValue.MAX_TAGS, "it has too many tags");
        List<String> tags = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = Byte.toUnsignedInt(bytes.get());
            require(length > 0 && length <= CacheValue.MAX_TAG_BYTES, "a tag has no length that one may have");
            tags.add(decodeText(bytes, length));
        }
        return new Head(header.version(), header.start(), lifetime, header.cost(), tags);
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

    private static Duration decodeIdle(ByteBuffer bytes) throws UnreadableEntryException {
        long idle = bytes.getLong();
        require(idle > 0 && idle < Long.MAX_VALUE / 2, "its idle time is none");
        return Duration.ofMillis(idle);
    }

    private static CacheValue decodeValue(ByteBuffer bytes) throws UnreadableEntryException, CharacterCodingException {
        int contentTypeLength = Byte.toUnsignedInt(bytes.get());
        String contentType = decodeText(bytes, contentTypeLength);
        int length = bytes.getInt();
        int form = bytes.get();
        require(form >= PLAIN && form <= PACKED + VALIDATED, "its form is unknown");
        String validator = form >= VALIDATED ? decodeValidator(bytes) : "";
        CacheValue value = CacheValue.of(decodeBytes(bytes, length, form % VALIDATED), contentType);
        return validator.isEmpty() ? value : value.withValidator(validator);
    }

    private static String decodeValidator(ByteBuffer bytes) throws UnreadableEntryException, CharacterCodingException {
        int length = Byte.toUnsignedInt(bytes.get());
        require(length > 0, "its validator is empty");
        String validator = decodeText(bytes, length);
        require(
                validator.chars().allMatch(character -> character >= ' ' && character <= '~'),
                "its validator is not printable");
        return validator;
    }

    private static byte[] decodeBytes(ByteBuffer bytes, int length, int form) throws UnreadableEntryException {
        if (form == PACKED) {
            return Packing.unpack(bytes, length);
        }
        require(length >= 0 && length <= bytes.remaining(), "it ends too early");
        byte[] value = new byte[length];
        bytes.get(value);
        return value;
    }

    private static String decodeText(ByteBuffer bytes, int length)
            throws UnreadableEntryException, CharacterCodingException {
        require(length <= bytes.remaining(), "it ends too early");
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(bytes.slice(bytes.position(), length))
                .toString();
        bytes.position(bytes.position() + length);
        return text;
    }

    private static void require(boolean holds, String otherwise) throws UnreadableEntryException {
        if (!holds) {
            throw new UnreadableEntryException(otherwise);
        }
    }

    /** What every script reads. */
    private record Header(int kind, boolean endsIdle, long version, long start, long lifeMicros, Duration cost) {}

    /** All but the value. */
    record Head(long version, long start, Lifetime lifetime, Duration cost, List<String> tags) {}

    /** A value with the whole life that it was given. */
    record Stored(CacheValue value, Head head) {}
}
