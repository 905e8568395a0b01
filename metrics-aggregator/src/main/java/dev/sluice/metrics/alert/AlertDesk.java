package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells each change once. It is written to the table first, on condition that nobody was faster; who has written it publishes the event. Whoever takes
 * over looks for the events of the latest changes on the log, and publishes those that are not there, for somebody may have died in between.
 * Used by one thread; blocks.
 */
final class AlertDesk {

    private static final Logger LOG = LoggerFactory.getLogger(AlertDesk.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** By then it was found that the one before is gone. */
    private static final Duration LATEST = Duration.ofMinutes(10);

    private final AlertTable table;
    private final AlertPublisher publisher;

    /** So often the log is searched in vain before an event is published that may be there. */
    private static final int SEARCHES = 3;

    /** Changes that are on the table, and perhaps not told. */
    private final Map<String, Owed> owed = new HashMap<>();

    private record Owed(Alert alert, int searches) {
        static Owed of(Alert alert) {
            return new Owed(alert, 0);
        }

        Owed searchedInVain() {
            return new Owed(alert, searches + 1);
        }
    }

    AlertDesk(AlertTable table, AlertPublisher publisher) {
        this.table = table;
        this.publisher = publisher;
    }

    boolean isReady() {
        return table.isReady();
    }

    Status told(String alertId) {
        return table.find(alertId)
                .map(Versioned::value)
                .map(AlertTable::statusOf)
                .orElse(Status.HEALTHY);
    }

    /** From now on this instance tells. */
    void takeOver(Instant now) {
        owed.clear();
        told().stream()
                .filter(alert -> alert.getSince().isAfter(now.minus(LATEST)))
                .forEach(alert -> owed.put(alert.getId(), Owed.of(alert)));
    }

    /** Tells what may not have been told. */
    void catchUp() {
        for (Owed change : Map.copyOf(owed).values()) {
            Alert alert = change.alert();
            Optional<Boolean> told = change.searches() < SEARCHES ? publisher.isOnTheLog(alert) : Optional.of(false);
            if (told.isEmpty()) {
                owed.put(alert.getId(), change.searchedInVain());
            } else if (told.get() || !stands(alert) || waitFor(publisher.publish(alert))) {
                owed.remove(alert.getId());
            }
        }
    }

    private boolean stands(Alert alert) {
        return table.find(alert.getId())
                .map(Versioned::value)
                .filter(alert::equals)
                .isPresent();
    }

    /**
     * Tells that an alert is another one now.
     *
     * @param change what it is after what it was
     */
    void tell(String alertId, Function<Status, Alert> change) {
        Optional<Versioned<Alert>> seen = table.find(alertId);
        Status before = seen.map(Versioned::value).map(AlertTable::statusOf).orElse(Status.HEALTHY);
        Alert alert = change.apply(before);
        try {
            table.put(alert, seen).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof VersionConflictException)) {
                LOG.warn("{} could not be written down; it is tried again", alert.getId(), e.getCause());
                owed.put(alert.getId(), Owed.of(alert));
            }
            return;
        } catch (TimeoutException e) {
            owed.put(alert.getId(), Owed.of(alert));
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!waitFor(publisher.publish(alert))) {
            owed.put(alert.getId(), Owed.of(alert));
        }
    }

    /** Those that were told, and are on the table. */
    List<Alert> told() {
        return table.all().stream().filter(publisher::tells).toList();
    }

    /** Takes alerts off the table that have nothing to say any more. What cannot be taken off now is taken off by a later call. */
    void remove(Predicate<Alert> over) {
        table.entries().stream()
                .filter(entry -> publisher.tells(entry.value()) && over.test(entry.value()))
                .forEach(entry -> table.remove(entry).exceptionally(failure -> {
                    LOG.debug("{} was not taken off", entry.key(), failure);
                    return null;
                }));
    }

    /** Whether it was done; what was not is owed. */
    private static boolean waitFor(CompletableFuture<Void> work) {
        try {
            work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("an event about an alert was not confirmed; it is tried again", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
