package dev.sluice.cache.coherence;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogPosition;
import dev.sluice.platform.kafka.LogTable;
import java.time.Duration;
import java.util.Optional;

/** What a node must have heard before its copies may be served: the changes of keys and the purges. */
record FollowedLogs(LogFollower changes, LogTable<?> purges) implements LogFollower {

    @Override
    public boolean following() {
        return changes.following() && purges.ready();
    }

    @Override
    public Optional<LogPosition> position() {
        return changes.position();
    }

    @Override
    public Duration staleness() {
        Duration ofChanges = changes.staleness();
        Duration ofPurges = purges.staleness();
        return ofChanges.compareTo(ofPurges) > 0 ? ofChanges : ofPurges;
    }
}
