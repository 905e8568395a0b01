package dev.sluice.webhook.history;

import dev.sluice.platform.kafka.LogFollower;
import dev.sluice.platform.kafka.LogFollowers;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeadReason;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Hears on the log what became of deliveries, of all partitions: whichever dispatcher made an attempt, all of them know of it. Nobody
 * waits for it but those who ask for what it heard.
 */
final class HistoryListener {

    /** Of each delivery there is an attempt at least; whoever asks for it may wait for so long. */
    private static final Duration GATHERING = Duration.ofMillis(250);

    private final LogFollower attempts;
    private final LogFollower dead;
    private final InstantSource clock;

    HistoryListener(LogFollowers followers, History history, Duration retention, InstantSource clock) {
        this.clock = clock;
        Instant since = clock.instant().minus(retention);
        attempts = followers.followInBulkSince(
                Topics.WEBHOOK_ATTEMPTS,
                since,
                GATHERING,
                record -> history.add(Entry.of(record.value()), clock.instant()));
        dead = followers.followSince(Topics.WEBHOOK_DEAD, since, record -> {
            if (isWithoutAttempt(record.value())) {
                history.add(Entry.of(record.value()), clock.instant());
            }
        });
    }

    /** Everything that was on the log then has been heard; empty until that is so of all that was there at the start. */
    Optional<Instant> heardUntil() {
        if (!attempts.following() || !dead.following()) {
            return Optional.empty();
        }
        Duration ofAttempts = attempts.staleness();
        Duration ofDead = dead.staleness();
        return Optional.of(clock.instant().minus(ofAttempts.compareTo(ofDead) > 0 ? ofAttempts : ofDead));
    }

    /** What was given up after an attempt, the attempt says. */
    private static boolean isWithoutAttempt(DeadDelivery dead) {
        boolean answered = dead.getLastStatus() != null || dead.getLastError() != null;
        return !answered && dead.getReason() != DeadReason.EXHAUSTED;
    }
}
