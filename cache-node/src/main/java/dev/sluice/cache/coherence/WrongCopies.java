package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.AuditFinding;
import dev.sluice.cache.engine.AuditObserver;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.event.KeyHash;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Says which copies were wrong, by the hash that reads of them have on the log, never by their key; one a minute aloud. */
final class WrongCopies implements AuditObserver {
    private static final Logger LOG = LoggerFactory.getLogger(WrongCopies.class);
    private static final long PAUSE_MILLIS = 60_000;

    private final InstantSource clock;
    private final AtomicLong lastMillis;

    WrongCopies(InstantSource clock) {
        this.clock = clock;
        this.lastMillis = new AtomicLong(clock.millis() - PAUSE_MILLIS);
    }

    @Override
    public void onWrong(CacheKey key, AuditFinding finding, long version, Duration wrongFor) {
        long now = clock.millis();
        long last = lastMillis.get();
        boolean aloud = now - last >= PAUSE_MILLIS && lastMillis.compareAndSet(last, now);
        LOG.atLevel(aloud ? Level.WARN : Level.DEBUG)
                .log(
                        "Removed a {} copy of namespace {}, key hash {}, version {}, served for {} ms too long",
                        finding == AuditFinding.STALE ? "stale" : "orphaned",
                        key.namespace(),
                        KeyHash.of(key),
                        version,
                        wrongFor.toMillis());
    }
}
