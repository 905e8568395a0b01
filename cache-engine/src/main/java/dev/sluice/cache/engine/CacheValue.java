package dev.sluice.cache.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes with their content type. The bytes are shared, not copied: whoever hands them over or takes them must not change them. */
public final class CacheValue {

    static final int MAX_CONTENT_TYPE_BYTES = 255;

    private static final CacheValue ABSENCE = new CacheValue(new byte[0], "", true);

    private final byte[] bytes;
    private final String contentType;
    private final boolean absence;

    private CacheValue(byte[] bytes, String contentType, boolean absence) {
        this.bytes = bytes;
        this.contentType = contentType;
        this.absence = absence;
    }

    public static CacheValue of(byte[] bytes, String contentType) {
        if (contentType.getBytes(StandardCharsets.UTF_8).length > MAX_CONTENT_TYPE_BYTES) {
            throw new IllegalArgumentException("contentType must have at most " + MAX_CONTENT_TYPE_BYTES + " bytes");
        }
        return new CacheValue(bytes, contentType, false);
    }

    /** Says that the origin has no value, so that nobody asks it again for a while. A read of it is {@code NEGATIVE}. */
    public static CacheValue absence() {
        return ABSENCE;
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
