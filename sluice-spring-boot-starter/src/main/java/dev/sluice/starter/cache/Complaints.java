package dev.sluice.starter.cache;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what goes wrong with a cache once for each outage and for each kind of value, not at each call; counters have the rest. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(SluiceCache.class);

    private static final int MAX_KINDS = 100;

    private final String cache;
    private final AtomicBoolean away = new AtomicBoolean();
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    Complaints(String cache) {
        this.cache = cache;
    }

    void about(String what, Throwable failure) {
        if (away.compareAndSet(false, true)) {
            LOG.warn("Cache {}: {}; the application goes on without: {}", cache, what, failure.toString());
        }
    }

    /** A change was made and announced: the next failure is another outage. */
    void over() {
        if (away.get() && away.compareAndSet(true, false)) {
            LOG.info("Cache {}: changes are made and announced again", cache);
        }
    }

    void once(RuntimeException reason) {
        if (said.size() < MAX_KINDS && said.add(String.valueOf(reason.getMessage()))) {
            LOG.warn("Cache {}: {}", cache, reason.getMessage(), reason);
        }
    }
}
