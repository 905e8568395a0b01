package dev.sluice.cache.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.publisher.Operators;

/**
 * What the first level holds of one key. It is its answer itself, so that a hit allocates nothing and finds all it looks at in one
 * place of the memory.
 */
final class Copy extends CalmReads implements Fuseable.ScalarCallable<ReadResult> {

    /** Estimate of what an entry costs besides its value, its tags and the characters of its key, in bytes. */
    private static final int OVERHEAD = 392;

    private static final long NEVER = Long.MAX_VALUE;

    /** Ends that were worked out from ages in whole milliseconds differ by so much. */
    private static final long ROUNDING_MILLIS = 2;

    private final CacheEntry entry;
    private final long endsAtMillis;
    private final long aliveUntilMillis;
    private final @Nullable AtomicLong nextTouchMillis;
    private final long generation;
    private final boolean awaitsEcho;
    private volatile long judgedAt = -1;

    private Copy(CacheEntry entry, long generation, long aliveUntilMillis, boolean awaitsEcho) {
        this(entry, ReadResult.fresh(ReadOutcome.L1_HIT, entry), generation, aliveUntilMillis, awaitsEcho);
    }

    private Copy(CacheEntry entry, ReadResult result, long generation, long aliveUntilMillis, boolean awaitsEcho) {
        super(result, entry.value().size());
        this.entry = entry;
        this.generation = generation;
        this.awaitsEcho = awaitsEcho || entry.lifetime().endsIdle();
        this.aliveUntilMillis = aliveUntilMillis;
        long whole = entry.endsAt().toEpochMilli();
        endsAtMillis = Math.min(whole, aliveUntilMillis);
        nextTouchMillis =
                aliveUntilMillis < whole - ROUNDING_MILLIS ? new AtomicLong(touchFrom(entry, aliveUntilMillis)) : null;
    }

    /** A read from then on keeps the entry from being idle for too long. */
    private static long touchFrom(CacheEntry entry, long aliveUntilMillis) {
        return aliveUntilMillis - entry.lifetime().idle().toMillis();
    }

    /** Of an entry that was stored just now. */
    static Copy of(CacheEntry entry, long generation) {
        long aliveUntil = entry.lifetime().endsIdle()
                ? entry.storedAt().plus(entry.lifetime().idleBound()).toEpochMilli()
                : NEVER;
        return new Copy(entry, generation, aliveUntil, false);
    }

    /** Of an entry that is there until then at least, read or not. */
    static Copy of(CacheEntry entry, long generation, long aliveUntilMillis) {
        return new Copy(entry, generation, entry.lifetime().endsIdle() ? aliveUntilMillis : NEVER, false);
    }

    /** The same, kept in another generation. */
    Copy inGeneration(long other) {
        return new Copy(entry, other, aliveUntilMillis, awaitsEcho);
    }

    /** The same, of a key that this node itself changes in the second level. */
    Copy awaitingEcho() {
        return new Copy(entry, generation, aliveUntilMillis, true);
    }

    /** The same with what a purge has left of its entry. */
    Copy with(CacheEntry other) {
        return new Copy(other, generation, aliveUntilMillis, awaitsEcho);
    }

    /** The same after a read that counted. */
    Copy aliveUntil(long millis) {
        return new Copy(entry, generation, Math.max(aliveUntilMillis, millis), awaitsEcho);
    }

    /** Whether a read at this time is to be told, by the one who asks: nobody else is told so until it has failed. */
    boolean beginTouch(long nowMillis) {
        if (nextTouchMillis == null) {
            return false;
        }
        long due = nextTouchMillis.get();
        return nowMillis >= due && nextTouchMillis.compareAndSet(due, NEVER);
    }

    void touchFailed(long retryMillis) {
        if (nextTouchMillis != null) {
            nextTouchMillis.set(retryMillis);
        }
    }

    CacheEntry entry() {
        return entry;
    }

    /** Before then the entry is fresh, far from due, and its reads need not be told; after it the rules must be asked. */
    long calmUntilMillis() {
        long fresh = Freshness.calmUntil(entry);
        return nextTouchMillis == null ? fresh : Math.min(fresh, touchFrom(entry, aliveUntilMillis));
    }

    /** The end of its life, or when it may be gone elsewhere for want of reads. */
    long endsAtMillis() {
        return endsAtMillis;
    }

    /** Of the {@link FillGuard} when it was kept; a copy of an earlier one is dead. */
    long generation() {
        return generation;
    }

    /** Until then at least it is not idle for too long. */
    long aliveUntilMillis() {
        return aliveUntilMillis;
    }

    /** Whether the next that the second level says of this key is likely about this node's own change. */
    boolean awaitsEcho() {
        return awaitsEcho;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ReadResult> reader) {
        reader.onSubscribe(Operators.scalarSubscription(reader, result()));
    }

    @Override
    public ReadResult call() {
        return result();
    }

    @Override
    public ReadResult block() {
        return result();
    }

    @Override
    public ReadResult block(Duration timeout) {
        return result();
    }

    long version() {
        return entry.version();
    }

    /** Whether no epoch was heard of since it was found to be under none. */
    boolean isJudgedAt(long sequence) {
        return judgedAt == sequence;
    }

    void judged(long sequence) {
        judgedAt = sequence;
    }

    int weight(CacheKey key) {
        long weight = OVERHEAD
                + 2L
                        * (key.tenant().length()
                                + key.namespace().length()
                                + key.key().length())
                + entry.value().contentType().length()
                + entry.value().validator().length()
                + entry.value().tags().stream()
                        .mapToLong(tag -> 64L + tag.length())
                        .sum()
                + entry.value().size();
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }
}
