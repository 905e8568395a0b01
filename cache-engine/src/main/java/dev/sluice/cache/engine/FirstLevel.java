package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The copies on this node, bounded by weight. Every decision about a copy is taken inside {@code compute} of its key:
 * Caffeine's {@code computeIfPresent} may pass a key by that another thread is just filling.
 */
class FirstLevel {

    private final FillGuard guard;
    private final FillGuard announced;
    private final InstantSource clock;
    private final Epochs epochs;
    private final CacheCounts counts;
    private final Cache<CacheKey, Copy> copies;
    private final ExpirySweep expiry;
    private final Upkeep upkeep = new Upkeep();
    private volatile boolean suspended;

    /**
     * What a first level works with.
     *
     * @param maxBytes weight of the copies
     */
    record Setup(
            long maxBytes,
            InstantSource clock,
            Epochs epochs,
            CacheCounts counts,
            FillGuard guard,
            FillGuard announced) {

        Setup with(FillGuard other) {
            return new Setup(maxBytes, clock, epochs, counts, other, announced);
        }
    }

    FirstLevel(Setup setup) {
        guard = setup.guard;
        announced = setup.announced;
        clock = setup.clock;
        epochs = setup.epochs;
        counts = setup.counts;
        copies = Caffeine.newBuilder()
                .maximumWeight(setup.maxBytes)
                .weigher((CacheKey key, Copy copy) -> copy.weight(key))
                .executor(upkeep)
                .evictionListener(this::evicted)
                .build();
        expiry = new ExpirySweep(copies, counts.expired);
    }

    /** Null when there is none that may be served, be it stale. */
    @Nullable
    Copy find(CacheKey key) {
        Copy copy = peek(key);
        return copy == null ? null : served(key, copy, clock.millis());
    }

    /** What there is, which may not be served unless {@link #calm} or {@link #served} say so. */
    @Nullable
    Copy peek(CacheKey key) {
        return suspended ? null : copies.getIfPresent(key);
    }

    /** Who is told of a read that the copy answers; null when {@link #served} must say whether it may. */
    @Nullable
    HitObserver calm(Copy copy, long nowNanos) {
        return copy.calmAt(stamp(), nowNanos);
    }

    /** Moved by every purge, and by what drops all copies. Both parts only grow, so equal sums mean that neither has moved. */
    long stamp() {
        return epochs.sequence() + guard.generation();
    }

    /** The copy as it may be served, be it stale; null when it may not. */
    @Nullable
    Copy served(CacheKey key, Copy copy, long nowMillis) {
        if (!isAlive(copy, nowMillis)) {
            expiry.seen(key, copy, nowMillis);
            return null;
        }
        return copy.isJudgedAt(epochs.sequence()) ? copy : judged(key, copy, nowMillis);
    }

    /** Null when it was purged; another, stale copy when it was purged softly. */
    private @Nullable Copy judged(CacheKey key, Copy copy, long nowMillis) {
        long sequence = epochs.sequence();
        Optional<CacheEntry> entry = epochs.judge(key, copy.entry());
        if (entry.isEmpty()) {
            dropPurged(key, copy);
            return null;
        }
        boolean untouched = entry.get().lifetime().equals(copy.entry().lifetime());
        Copy kept = untouched ? copy : copy.with(entry.get());
        kept.judged(sequence);
        if (!untouched) {
            count(copies.asMap().replace(key, copy, kept));
        }
        return isAlive(kept, nowMillis) ? kept : null;
    }

    /** Moved by everything after which a value that was read before must not be kept. */
    FillGuard guard() {
        return guard;
    }

    /**
     * Moved by what {@link #guard} is moved by, but not by doubts: a lease is a change of its key too, of which the
     * second level tells, and must not take from a load the readers who wait for it.
     */
    FillGuard announced() {
        return announced;
    }

    /**
     * Keeps what a read found, unless the key may have changed since the token was taken. False when it may, so that
     * nothing was kept.
     */
    boolean fill(CacheKey key, CacheEntry entry, long aliveUntilMillis, long token) {
        return keep(key, Copy.of(entry, guard.generation(), aliveUntilMillis), token);
    }

    /** As {@link #fill}, of what this node has written or dropped. */
    boolean confirm(CacheKey key, Copy copy, long token) {
        return keep(key, copy.inGeneration(guard.generation()), token);
    }

    private boolean keep(CacheKey key, Copy copy, long token) {
        if (suspended) {
            return true;
        }
        AtomicBoolean current = new AtomicBoolean();
        change(key, (ignored, old) -> {
            current.set(guard.isCurrent(key, token));
            return current.get() ? newest(old, copy) : old;
        });
        if (!current.get()) {
            counts.voidedFills.increment();
        }
        return current.get();
    }

    /**
     * Keeps what this node wrote, unless the key may have changed since the token was taken; fills older than it are void.
     * False when it may have changed, so that it was not kept.
     */
    boolean write(CacheKey key, CacheEntry entry, long token) {
        announced.voidTokens(key);
        Copy copy = Copy.of(entry, guard.generation()).awaitingEcho();
        AtomicBoolean undisturbed = new AtomicBoolean();
        change(key, (ignored, old) -> {
            undisturbed.set(guard.spend(key, token));
            return undisturbed.get() && !suspended ? newest(old, copy) : unlessOlder(old, entry.version());
        });
        return undisturbed.get();
    }

    /** This node is about to change the key in a way that leaves the entry as it is. */
    void expectEcho(CacheKey key) {
        change(key, (ignored, old) -> old == null || old.awaitsEcho() ? old : old.awaitingEcho());
    }

    /**
     * Drops any copy and voids all fills under way, since the key was changed: by whom and how nobody knows. Answers with
     * what was dropped when it may well have been this node itself.
     */
    Optional<Copy> doubt(CacheKey key) {
        AtomicReference<@Nullable Copy> own = new AtomicReference<>();
        change(key, (ignored, old) -> {
            // Not before: what was confirmed in between would be dropped, and nobody would ask about it again.
            guard.voidTokens(key);
            own.set(old != null && old.awaitsEcho() ? old : null);
            return null;
        });
        return Optional.ofNullable(own.get());
    }

    /** A read of the copy has counted: it is there until then at least, if nothing has become of it meanwhile. */
    void touched(CacheKey key, Copy copy, long aliveUntilMillis) {
        change(key, (ignored, old) -> old == copy ? copy.aliveUntil(aliveUntilMillis) : old);
    }

    /** Drops copies older than the version and voids all fills under way. */
    void invalidate(CacheKey key, long version) {
        guard.voidTokens(key);
        announced.voidTokens(key);
        change(key, (ignored, old) -> unlessOlder(old, version));
    }

    /** Drops any copy and voids all fills under way. */
    void forget(CacheKey key) {
        invalidate(key, Long.MAX_VALUE);
    }

    /** Drops the copies that were purged, and lets those be stale that were purged softly. */
    void carryOutPurges() {
        long now = clock.millis();
        copies.asMap().forEach((key, copy) -> judged(key, copy, now));
    }

    /** Drops every copy that was purged, softly or not: what is known of the purges is to be forgotten. */
    void dropPurged() {
        copies.asMap().forEach((key, copy) -> {
            CacheEntry entry = copy.entry();
            List<String> tags = entry.value().tags();
            long newest = epochs.newest(key, tags);
            if (entry.start() < newest) {
                dropPurged(key, copy);
            }
        });
    }

    private void dropPurged(CacheKey key, Copy copy) {
        count(copies.asMap().remove(key, copy));
    }

    private void count(boolean purged) {
        if (purged) {
            counts.purged.increment();
        }
    }

    private void evicted(@Nullable CacheKey key, @Nullable Copy copy, RemovalCause cause) {
        if (key != null && copy != null) {
            counts.evictedForSize.add(copy.weight(key));
        }
    }

    /** No copy that is held or being filled is served after this. */
    void clear() {
        giveUp();
        copies.invalidateAll();
    }

    /** As {@link #clear}, in no time: what is not served any more is still held until {@link #reclaim}. */
    void giveUp() {
        guard.voidAllTokens();
        announced.voidAllTokens();
    }

    /** Lets go of copies that are not served any more; takes as long as there are copies. */
    void reclaim() {
        boolean _ = copies.asMap().values().removeIf(copy -> copy.generation() != guard.generation());
    }

    void suspend() {
        suspended = true;
    }

    void resume() {
        clear();
        suspended = false;
    }

    /** The function sees only a copy that is alive, and runs alone for the key. */
    void change(CacheKey key, BiFunction<CacheKey, @Nullable Copy, @Nullable Copy> change) {
        long now = clock.millis();
        upkeep.atOnce(() -> {
            copies.asMap().compute(key, (k, old) -> change.apply(k, old == null ? null : changeable(k, old, now)));
            expiry.step(now);
        });
    }

    private @Nullable Copy changeable(CacheKey key, Copy copy, long nowMillis) {
        expiry.changed(key, copy, nowMillis);
        return isAlive(copy, nowMillis) && !isPurged(key, copy) ? copy : null;
    }

    /** Of the copies there are; those that come or go meanwhile may be among them or not. */
    Iterator<CacheKey> keys() {
        return copies.asMap().keySet().iterator();
    }

    long entries() {
        return copies.estimatedSize();
    }

    long weight() {
        copies.cleanUp();
        return copies.policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .map(weight -> weight.orElse(0))
                .orElse(0L);
    }

    long maxWeight() {
        return copies.policy().eviction().map(Policy.Eviction::getMaximum).orElse(0L);
    }

    /** What is too much leaves at once. */
    void limit(long maxWeight) {
        copies.policy().eviction().ifPresent(eviction -> eviction.setMaximum(maxWeight));
    }

    boolean isOpen() {
        return !suspended;
    }

    CacheStatistics.FirstLevelUse use() {
        return new CacheStatistics.FirstLevelUse(
                isOpen(),
                entries(),
                weight(),
                maxWeight(),
                counts.evictedForSize.soFar(),
                counts.expired.soFar(),
                counts.voidedFills.sum());
    }

    private boolean isAlive(Copy copy, long nowMillis) {
        return copy.generation() == guard.generation() && copy.endsAtMillis() > nowMillis;
    }

    private boolean isPurged(CacheKey key, Copy copy) {
        return epochs.judge(key, copy.entry()).isEmpty();
    }

    private static Copy newest(@Nullable Copy old, Copy copy) {
        return old != null && old.version() >= copy.version() ? old : copy;
    }

    private static @Nullable Copy unlessOlder(@Nullable Copy copy, long version) {
        return copy != null && copy.version() >= version ? copy : null;
    }
}
