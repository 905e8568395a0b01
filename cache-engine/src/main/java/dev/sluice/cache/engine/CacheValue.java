package dev.sluice.cache.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Bytes with their content type, tags by which they can be purged, and what their origin calls them. The bytes are shared, not copied: whoever hands them over or takes them must not change them. */
public final class CacheValue {

    static final int MAX_CONTENT_TYPE_BYTES = 255;

    /** More than RFC 9875, section 2, asks for. */
    public static final int MAX_TAGS = 32;

    public static final int MAX_TAG_BYTES = 128;

    /** Most characters of a validator. */
    public static final int MAX_VALIDATOR_LENGTH = 255;

    private static final CacheValue ABSENCE = new CacheValue(new byte[0], "", true, List.of(), "");

    private final byte[] bytes;
    private final String contentType;
    private final boolean absence;
    private final List<String> tags;
    private final String validator;

    private CacheValue(byte[] bytes, String contentType, boolean absence, List<String> tags, String validator) {
        this.bytes = bytes;
        this.contentType = contentType;
        this.absence = absence;
        this.tags = tags;
        this.validator = validator;
    }

    public static CacheValue of(byte[] bytes, String contentType) {
        if (contentType.getBytes(StandardCharsets.UTF_8).length > MAX_CONTENT_TYPE_BYTES) {
            throw new IllegalArgumentException("contentType must have at most " + MAX_CONTENT_TYPE_BYTES + " bytes");
        }
        return new CacheValue(bytes, contentType, false, List.of(), "");
    }

    /** Says that the origin has no value, so that nobody asks it again for a while. A read of it is {@code NEGATIVE}. */
    public static CacheValue absence() {
        return ABSENCE;
    }

    /** The same under these tags alone; at most {@link #MAX_TAGS}, each of 1 to {@link #MAX_TAG_BYTES} bytes in UTF-8. */
    public CacheValue withTags(Collection<String> names) {
        if (names.isEmpty() && tags.isEmpty()) {
            return this;
        }
        List<String> sorted = names.stream().distinct().sorted().toList();
        if (sorted.size() > MAX_TAGS) {
            throw new IllegalArgumentException("tags must be at most " + MAX_TAGS);
        }
        sorted.forEach(PurgeScope::requireTag);
        return new CacheValue(bytes, contentType, absence, sorted, validator);
    }

    /**
     * The same as its origin knows it, so that it can say later that nothing has changed: at most {@link #MAX_VALIDATOR_LENGTH}
     * printable ASCII characters. Not for an absence.
     */
    public CacheValue withValidator(String text) {
        boolean printable = text.chars().allMatch(character -> character >= ' ' && character <= '~');
        if (absence || text.length() > MAX_VALIDATOR_LENGTH || !printable) {
            throw new IllegalArgumentException(
                    "validator must have at most " + MAX_VALIDATOR_LENGTH + " printable characters, and a value");
        }
        return new CacheValue(bytes, contentType, false, tags, text);
    }

    /** What the origin calls the value; empty when it has not said. */
    public String validator() {
        return validator;
    }

    /** Sorted, none twice. */
    public List<String> tags() {
        return tags;
    }

    public boolean isAbsence() {
        return absence;
    }

    /** Not copied: do not change. */
    public byte[] bytes() {
        return bytes;
    }

    public String contentType() {
        return contentType;
    }

    /** In bytes, without the content type. */
    public int size() {
        return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheValue that
                && absence == that.absence
                && contentType.equals(that.contentType)
                && tags.equals(that.tags)
                && validator.equals(that.validator)
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + contentType.hashCode();
    }

    /** Never the bytes: they may be anyone's secret. */
    @Override
    public String toString() {
        return contentType + ", " + bytes.length + " bytes";
    }
}
