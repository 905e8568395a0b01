package dev.sluice.metrics.topology;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How many names of each owner are kept apart, so that windows are bounded whatever keys somebody makes up: the first
 * ones are, and a new one takes the place of one that was not met for a day. Not thread-safe; each task has its own.
 */
public final class NameBudget {
    /** By the time of the log. Then a name makes room for another; in windows of a day it stays. */
    private static final long FORGOTTEN_MILLIS = Duration.ofDays(1).toMillis();

    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;

    private final int perOwner;
    private final Map<String, Map<String, Long>> lastMet = new HashMap<>();

    public NameBudget(int perOwner) {
        this.perOwner = perOwner;
    }

    /** Goes on with names that were kept apart before, and when each was last met. */
    public void resume(String owner, Map<String, Long> names) {
        Map<String, Long> known = known(owner);
        List<Map.Entry<String, Long>> oldestFirst = names.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .toList();
        oldestFirst.forEach(name -> known.put(name.getKey(), name.getValue()));
    }

    /** Whether a name that is met is kept apart. */
    public boolean admits(String owner, String name, long streamMillis) {
        Map<String, Long> known = known(owner);
        // Moves it behind all others, of which the first is the one that was not met for longest.
        if (known.computeIfPresent(name, (same, met) -> Math.max(met, streamMillis)) != null) {
            return true;
        }
        Iterator<Map.Entry<String, Long>> longestAgo = known.entrySet().iterator();
        while (known.size() >= perOwner
                && longestAgo.hasNext()
                && longestAgo.next().getValue() < streamMillis - FORGOTTEN_MILLIS) {
            longestAgo.remove();
        }
        if (known.size() >= perOwner) {
            return false;
        }
        known.put(name, streamMillis);
        return true;
    }

    /** Whether one of the owner's names that are kept apart is such. */
    public boolean hasAny(String owner, Predicate<String> such) {
        return known(owner).keySet().stream().anyMatch(such);
    }

    private Map<String, Long> known(String owner) {
        return lastMet.computeIfAbsent(owner, absent -> new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true));
    }
}
