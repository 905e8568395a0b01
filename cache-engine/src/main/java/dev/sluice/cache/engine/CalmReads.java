package dev.sluice.cache.engine;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * All that a hit looks at of a copy. These fields lie beside each other in memory, since those of a superclass come first: what a hit costs
 * is mostly the places of memory that are not in the processor's cache.
 */
abstract class CalmReads extends Mono<ReadResult> {

    private final int sizeBytes;
    private final ReadOutcome outcome;
    private final ReadResult result;
    private long stamp;
    private long untilNanos;
    private long mark;
    private volatile @Nullable HitObserver hits;

    CalmReads(ReadResult result, int sizeBytes) {
        this.result = result;
        this.outcome = result.outcome();
        this.sizeBytes = sizeBytes;
    }

    /**
     * Who is told of a read now, which need ask nothing; null when it must ask the rules.
     *
     * @param stampNow moved by whatever may have made a copy one that may not be served
     * @param nowNanos of the ticker, which goes on evenly whatever becomes of the clock
     */
    final @Nullable HitObserver calmAt(long stampNow, long nowNanos) {
        HitObserver told = hits;
        return told != null && stamp == stampNow && nowNanos - untilNanos < 0 ? told : null;
    }

    /** Until that moment, and while the stamp is what it was before it was asked whether this may be served, reads are to be quick. */
    final void calm(CacheKey key, long stampBefore, long until, HitObserver told) {
        stamp = stampBefore;
        untilNanos = until;
        mark = told.markOf(key);
        hits = told;
    }

    /** The rules must be asked again, and who is to be told. */
    final void stir() {
        hits = null;
    }

    /** What the one who is told wants to be told. */
    final long mark() {
        return mark;
    }

    final int sizeBytes() {
        return sizeBytes;
    }

    /** Of the {@link #result}, which is elsewhere in memory. */
    final ReadOutcome outcome() {
        return outcome;
    }

    /** What the reader is answered. */
    final ReadResult result() {
        return result;
    }
}
