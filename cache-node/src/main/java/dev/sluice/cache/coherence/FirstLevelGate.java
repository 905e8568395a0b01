package dev.sluice.cache.coherence;

import dev.sluice.platform.kafka.LogFollower;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether this node may answer from its own first level: only while it is known to have heard of every change
 * but the newest. Closed at start. Not thread-safe; looked at by one thread.
 */
final class FirstLevelGate {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLevelGate.class);

    /** What is opened and closed. */
    interface FirstLevel {
        void suspend();

        void resume();
    }

    private final LogFollower log;
    private final Duration maxLag;
    private final FirstLevel firstLevel;
    private volatile boolean open;

    FirstLevelGate(LogFollower log, Duration maxLag, FirstLevel firstLevel) {
        this.log = log;
        this.maxLag = maxLag;
        this.firstLevel = firstLevel;
        firstLevel.suspend();
    }

    boolean isOpen() {
        return open;
    }

    /** Looks at the log again, and opens or closes. */
    void check() {
        boolean current = log.following() && log.staleness().compareTo(maxLag) <= 0;
        if (current == open) {
            return;
        }
        open = current;
        if (current) {
            firstLevel.resume();
            LOG.info("The log is followed; the first level answers");
            return;
        }
        firstLevel.suspend();
        LOG.warn("The log has not been read for more than {}; reads go to the second level", maxLag);
    }
}
