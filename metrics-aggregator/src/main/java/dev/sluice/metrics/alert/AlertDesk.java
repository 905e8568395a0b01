package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.WatchedFigures;
import dev.sluice.metrics.health.WatchedFigures.Said;
import dev.sluice.platform.kafka.VersionConflictException;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Alert;
import dev.sluice.record.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
                .map(AlertPublisher::statusOf)
                .orElse(Status.HEALTHY);
    }

    /** From now on this instance tells. */
    void takeOver(Instant now) {
        owed.clear();
        table.all().stream()
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

    /** Tells that a verdict is another one now. */
    void tell(Subject subject, String tenant, Status status, WatchedFigures figures, Instant now) {
        Optional<Versioned<Alert>> seen = table.find(subject.alertId(tenant));
        Status before = seen.map(Versioned::value).map(AlertPublisher::statusOf).orElse(Status.HEALTHY);
        Alert alert = alertOf(subject, tenant, before, figures.say(status), now);
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

    private static Alert alertOf(Subject subject, String tenant, Status before, Said said, Instant now) {
        String message = said.sentences().isEmpty()
                ? "The figures are as they should be."
                : String.join("; ", said.sentences()) + ".";
        return Alert.newBuilder()
                .setId(subject.alertId(tenant))
                .setTenant(tenant)
                .setRule(subject.title() + "-health")
                .setSubject(subject.title())
                .setState(AlertState.valueOf(said.status().name()))
                .setPrevious(AlertState.valueOf(before.name()))
                .setSince(now.truncatedTo(ChronoUnit.MILLIS))
                .setValue(said.value())
                .setThreshold(said.threshold())
                .setMessage(message)
                .build();
    }

    /** Whether it was done; what was not is owed. */
    private static boolean waitFor(CompletableFuture<Void> work) {
        try {
            work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("an event about a changed verdict was not confirmed; it is tried again", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
