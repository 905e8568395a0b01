package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.HealthProperties.Alerts;
import dev.sluice.metrics.health.Hysteresis;
import dev.sluice.metrics.health.WatchedFigures;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The verdicts that are on their way to other ones; those that are not take no room. Not thread-safe. */
final class Verdicts {

    private final Alerts terms;
    private final Map<String, Hysteresis> moving = new HashMap<>();

    Verdicts(Alerts terms) {
        this.terms = terms;
    }

    /**
     * What is true of an alert after a look at its figures. One that changes is asked again until it is told.
     *
     * @param told what was told last
     */
    Status look(String alertId, Status told, WatchedFigures figures, Instant now) {
        Hysteresis known = moving.getOrDefault(alertId, Hysteresis.at(told));
        Hysteresis before = known.status() == told ? known : Hysteresis.at(told);
        Hysteresis next = figures.look(before, now, terms);
        if (next.status() == told) {
            keep(alertId, next);
        }
        return next.status();
    }

    private void keep(String alertId, Hysteresis verdict) {
        if (verdict.movingSince() == null) {
            moving.remove(alertId);
        } else {
            moving.put(alertId, verdict);
        }
    }

    /** Somebody else watches from now on. */
    void forget() {
        moving.clear();
    }

    int moving() {
        return moving.size();
    }
}
