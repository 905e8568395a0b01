package dev.sluice.metrics.alert;

import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.Hysteresis;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The verdicts that are on their way to other ones; those that are not take no room. Not thread-safe. */
final class Verdicts {

    private final Map<String, Hysteresis> moving = new HashMap<>();

    /**
     * What is true of an alert after a look at its figures. One that changes is asked again until it is told.
     *
     * @param told what was told last
     * @param figures what they make of what was true before
     */
    Status look(String alertId, Status told, UnaryOperator<Hysteresis> figures) {
        Hysteresis known = moving.getOrDefault(alertId, Hysteresis.at(told));
        Hysteresis before = known.status() == told ? known : Hysteresis.at(told);
        Hysteresis next = figures.apply(before);
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

    /** Of all others nothing is known any more. */
    void keepOnly(Set<String> alertIds) {
        moving.keySet().retainAll(alertIds);
    }

    int moving() {
        return moving.size();
    }
}
