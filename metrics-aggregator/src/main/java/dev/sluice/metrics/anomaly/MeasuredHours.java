package dev.sluice.metrics.anomaly;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was measured in the hours that say what is usual now. Hours that are over do not change, so each is asked for once, and forgotten when it says nothing about any
 * hour that is judged. Not thread-safe.
 */
public final class MeasuredHours {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<Instant, Map<Watched, Double>> measured = new TreeMap<>();

    /** One of each that is equal: a name is met in eighty hours, and would be there as often. */
    private final Map<Watched, Watched> known = new HashMap<>();

    /**
     * The hours that are needed to judge the one that runs and the one before it, and are not known. The one before it is left out: it is judged, and may still get what comes late.
     *
     * @param running its start
     */
    public Collection<Instant> missing(Instant running) {
        Instant last = running.minus(HOUR);
        SortedSet<Instant> needed = new TreeSet<>(Baseline.hoursBefore(running));
        needed.addAll(Baseline.hoursBefore(last));
        needed.remove(last);
        if (measured.keySet().retainAll(needed)) {
            known.keySet().removeIf(what -> measured.values().stream().noneMatch(hour -> hour.containsKey(what)));
        }
        needed.removeAll(measured.keySet());
        return needed;
    }

    public void put(Instant hour, Map<Watched, Double> values) {
        Map<Watched, Double> kept = HashMap.newHashMap(values.size());
        values.forEach((what, value) -> kept.put(known.computeIfAbsent(what, first -> first), value));
        measured.put(hour, kept);
    }

    /** By the start of the hour; of hours with enough volume alone. */
    public Map<Instant, Double> of(Watched what) {
        Map<Instant, Double> series = new HashMap<>();
        measured.forEach((hour, values) -> {
            Double value = values.get(what);
            if (value != null) {
                series.put(hour, value);
            }
        });
        return series;
    }

    public void forget() {
        measured.clear();
        known.clear();
    }
}
