package dev.sluice.cache.engine;

import java.nio.ByteBuffer;

/** What the scripts write, written here a second time. */
final class EntryBytes {

    private EntryBytes() {}

    static ByteBuffer value(CacheValue value, Lifetime lifetime, long version, long storedAtMicros) {
        return value(value, lifetime, version, storedAtMicros, Integer.MAX_VALUE);
    }

    static ByteBuffer value(CacheValue value, Lifetime lifetime, long version, long storedAtMicros, int packFrom) {
        ByteBuffer body = EntryCodec.encodeBody(value, lifetime, packFrom);
        long endsAtMicros = storedAtMicros + lifetime.whole().toMillis() * 1000;
        return ByteBuffer.allocate(58 + body.remaining())
                .put(header(
                        (value.isAbsence() ? 2 : 1) + (lifetime.endsIdle() ? 16 : 0),
                        version,
                        storedAtMicros,
                        endsAtMicros))
                .put(body)
                .flip();
    }

    static ByteBuffer tombstone(long version, long storedAtMicros, long endsAtMicros) {
        return header(0, version, storedAtMicros, endsAtMicros);
    }

    private static ByteBuffer header(int kind, long version, long storedAtMicros, long endsAtMicros) {
        return ByteBuffer.allocate(58)
                .put((byte) 0xC3)
                .put((byte) kind)
                .putLong(version)
                .putLong(storedAtMicros)
                .putLong(endsAtMicros)
                .putLong(0)
                .putLong(0)
                .putLong(0)
                .putLong(version)
                .flip();
    }
}
