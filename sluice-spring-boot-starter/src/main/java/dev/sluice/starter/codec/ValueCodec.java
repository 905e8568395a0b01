package dev.sluice.starter.codec;

import dev.sluice.cache.engine.CacheValue;

/** Makes bytes of values and values of bytes. Define a bean of it to keep values in another form. Thread-safe. */
public interface ValueCodec {

    /** The content type says which form it is. Fails with {@link CodecException} for what it cannot keep. */
    CacheValue encode(Object value);

    /**
     * Never null. Fails with {@link CodecException} for what it cannot read or does not trust: bytes of an older version of
     * the application, or of somebody else.
     */
    Object decode(CacheValue value);
}
