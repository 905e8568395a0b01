package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes back the memory of copies that have come to their end: a hand that goes round them all, some steps with each change of
 * one and a round in some seconds at most. Caffeine's own expiry moves every
 * copy that is read to another place of its timer's wheel, which costs more than the rest of the read. What may be served is not
 * decided here. Thread-safe.
 */
class ExpirySweep {

    private static final int STEPS = 4;

    /** A table that was large once takes long to go round, however few copies there are now. */
    private static final long MIN_ROUND_MILLIS = 5_000;

    private final Cache<CacheKey, Copy> copies;
    private final CacheCounts.EvictionCounts expired;
    private final AtomicReference<@Nullable Round> hand =
            new AtomicReference<>(new Round(Collections.emptyIterator(), 0));

    /** What is left of a round, and since when it is under way. */
    private record Round(Iterator<Map.Entry<CacheKey, Copy>> left, long sinceMillis) {}

    ExpirySweep(Cache<CacheKey, Copy> copies, CacheCounts.EvictionCounts expired) {
        this.copies = copies;
        this.expired = expired;
    }

    /** To be called with each change of a copy. Does nothing while another thread is at it. */
    void step(long nowMillis) {
        Round round = hand.getAndSet(null);
        if (round == null) {
            return;
        }
        try {
            round = step(round, nowMillis);
        } finally {
            hand.set(round);
        }
    }

    private Round step(Round before, long nowMillis) {
        Round round = before;
        if (!round.left.hasNext() && Math.abs(nowMillis - round.sinceMillis) >= MIN_ROUND_MILLIS) {
            round = new Round(copies.asMap().entrySet().iterator(), nowMillis);
        }
        for (int step = 0; step < STEPS && round.left.hasNext(); step++) {
            Map.Entry<CacheKey, Copy> next = round.left.next();
            seen(next.getKey(), next.getValue(), nowMillis);
        }
        return round;
    }

    /** Lets go of the copy if it has ended. */
    void seen(CacheKey key, Copy copy, long nowMillis) {
        if (copy.endsAtMillis() <= nowMillis && copies.asMap().remove(key, copy)) {
            expired.add(copy.weight(key));
        }
    }

    /** The copy is about to be replaced or removed by a change of its key. */
    void changed(CacheKey key, Copy copy, long nowMillis) {
        if (copy.endsAtMillis() <= nowMillis) {
            expired.add(copy.weight(key));
        }
    }
}
