package dev.sluice.cache.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes with their content type. The bytes are shared, not copied: whoever hands them over or takes them must not change them. */
public final class CacheValue {

    static final int MAX_CONTENT_TYPE_BYTES = 255;

    private final byte[] bytes;
    private final String contentType;

    private CacheValue(byte[] bytes, String contentType) {
        this.bytes = bytes;
        this.contentType = contentType;
    }

    public static CacheValue of(byte[] bytes, String contentType) {
        if (contentType.getBytes(StandardCharsets.UTF_8).length > MAX_CONTENT_TYPE_BYTES) {
            throw new IllegalArgumentException("contentType must have at most " + MAX_CONTENT_TYPE_BYTES + " bytes");
        }
        return new CacheValue(bytes, contentType);
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
