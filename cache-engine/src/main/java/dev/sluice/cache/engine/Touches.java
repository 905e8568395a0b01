package dev.sluice.cache.engine;

import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Tells the second level of reads that it does not see, so that what is read on a node does not end idle. It keeps an entry for a
 * quarter longer than it may be idle; so it need only be told of a read when that quarter is used up, and a copy is served only as long
 * as the second level is known to keep its entry.
 */
final class Touches {

    private static final Logger log = LoggerFactory.getLogger(Touches.class);

    /** Of an idle time: so often one that failed is tried again. */
    private static final int RETRIES = 16;

    private final Levels levels;
    private final FirstLevel first;
    private final InstantSource clock;
    private final CacheCounts counts;

    Touches(Levels levels, FirstLevel first, InstantSource clock, CacheCounts counts) {
        this.levels = levels;
        this.first = first;
        this.clock = clock;
        this.counts = counts;
    }

    /** A copy was read. Nobody waits for what follows from that. */
    void read(CacheKey key, Copy copy) {
        long now = clock.millis();
        if (copy.beginTouch(now)) {
            levels.touch(key, copy.entry())
                    .switchIfEmpty(Mono.fromRunnable(() -> gone(key, copy)))
                    .subscribe(left -> touched(key, copy, now + left.toMillis()), error -> failed(key, copy, error));
        }
    }

    private void touched(CacheKey key, Copy copy, long aliveUntilMillis) {
        counts.touched.increment();
        first.touched(key, copy, aliveUntilMillis);
    }

    /** It ended, or there is a newer one of which this node has not heard yet. */
    private void gone(CacheKey key, Copy copy) {
        first.invalidate(key, copy.version() + 1);
    }

    /** The copy is served to the end that is known, as it would be without this read. */
    private void failed(CacheKey key, Copy copy, Throwable error) {
        log.debug("a read of namespace {} did not reach the second level", key.namespace(), error);
        Duration idle = copy.entry().lifetime().idle();
        copy.touchFailed(clock.millis() + Math.max(1, idle.toMillis() / RETRIES));
    }
}
