package dev.sluice.cache.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What Redis is told, in bytes. */
final class RedisArguments {

    private static final ByteBuffer NONE = text("");
    private static final ByteBuffer ANY = text("any");
    private static final ByteBuffer ABSENT = text("absent");
    private static final ByteBuffer PRESENT = text("present");
    private static final ByteBuffer VERSION = text("version");
    private static final ByteBuffer LEASE = text("lease");

    private RedisArguments() {}

    static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static ByteBuffer number(long number) {
        return text(Long.toString(number));
    }

    static ByteBuffer epochs(String tenant) {
        return text("e:{" + tenant + '}');
    }

    /** How many entries a purge has removed or made stale in Redis. */
    static ByteBuffer swept(String tenant, long epoch) {
        return text("p:{" + tenant + "}:" + epoch);
    }

    static ByteBuffer counter(CacheKey key) {
        return named("n:", key);
    }

    static ByteBuffer lock(CacheKey key) {
        return named("l:", key);
    }

    /** Tenant and namespace hold no colon, so that no two keys share a name. */
    private static ByteBuffer named(String kind, CacheKey key) {
        return text(kind + '{' + RedisNames.plain(key) + '}');
    }

    static ByteBuffer name(Condition condition) {
        return switch (condition) {
            case Condition.Any ignored -> ANY;
            case Condition.Absent ignored -> ABSENT;
            case Condition.Present ignored -> PRESENT;
            case Condition.Version ignored -> VERSION;
            case Condition.Leased ignored -> LEASE;
        };
    }

    static ByteBuffer version(Condition condition) {
        return switch (condition) {
            case Condition.Version asked -> number(asked.version());
            case Condition.Leased asked -> number(asked.token());
            case Condition.Any ignored -> NONE;
            case Condition.Absent ignored -> NONE;
            case Condition.Present ignored -> NONE;
        };
    }
}
