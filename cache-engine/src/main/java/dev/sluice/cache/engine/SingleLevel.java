package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The first level alone: it issues the versions itself, from the clock of this node, and is never suspended. */
final class SingleLevel implements Levels {

    /** What a Lua number holds exactly; no second level issues more. */
    private static final long MAX_VERSION = 1L << 53;

    private static final Mono<ReadResult> MISS = Mono.just(ReadResult.MISS);

    private final FirstLevel first;
    private final InstantSource clock;
    private final AtomicLong lastVersion = new AtomicLong();

    SingleLevel(FirstLevel first, InstantSource clock) {
        this.first = first;
        this.clock = clock;
    }

    @Override
    public Mono<ReadResult> read(CacheKey key) {
        return MISS;
    }

    @Override
    public Mono<PutResult> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        return Mono.fromSupplier(() -> {
            AtomicReference<@Nullable PutResult> result = new AtomicReference<>();
            first.change(key, (ignored, old) -> {
                require(condition, old);
                Instant now = Instant.ofEpochMilli(clock.millis());
                CacheEntry entry = new CacheEntry(value, nextVersion(), now, now.plus(ttl));
                result.set(new PutResult(entry, old == null));
                return Copy.of(entry, first.guard().generation());
            });
            return result.get();
        });
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return Mono.fromSupplier(() -> {
            AtomicReference<@Nullable DeleteResult> result = new AtomicReference<>();
            first.change(key, (ignored, old) -> {
                require(condition, old);
                result.set(new DeleteResult(old != null, nextVersion()));
                return null;
            });
            return result.get();
        });
    }

    /** Later versions are higher than any that was heard of; one that nobody can have issued only drops the copy. */
    @Override
    public void invalidate(CacheKey key, long version) {
        if (version <= MAX_VERSION) {
            lastVersion.accumulateAndGet(version, Math::max);
        }
        first.invalidate(key, version);
    }

    @Override
    public void suspendFirstLevel() {}

    @Override
    public void resumeFirstLevel() {}

    private long nextVersion() {
        long micros = clock.millis() * 1000;
        return lastVersion.updateAndGet(last -> Math.max(last + 1, micros));
    }

    private static void require(Condition condition, @Nullable Copy copy) {
        OptionalLong version = copy == null ? OptionalLong.empty() : OptionalLong.of(copy.version());
        if (!condition.holds(version)) {
            throw new ConditionFailedException(version);
        }
    }
}
