package dev.sluice.cache.engine;

import java.nio.ByteBuffer;

/** What the scripts write, written here a second time. */
final class EntryBytes {

    private EntryBytes() {}

    static ByteBuffer value(CacheValue value, long version, long storedAtMicros, long expiresAtMicros) {
        ByteBuffer body = EntryCodec.encodeBody(value);
        return ByteBuffer.allocate(26 + body.remaining())
                .put((byte) 0xC1)
                .put((byte) 1)
                .putLong(version)
                .putLong(storedAtMicros)
                .putLong(expiresAtMicros)
                .put(body)
                .flip();
    }

    static ByteBuffer tombstone(long version, long storedAtMicros, long expiresAtMicros) {
        return ByteBuffer.allocate(26)
                .put((byte) 0xC1)
                .put((byte) 0)
                .putLong(version)
                .putLong(storedAtMicros)
                .putLong(expiresAtMicros)
                .flip();
    }
}
