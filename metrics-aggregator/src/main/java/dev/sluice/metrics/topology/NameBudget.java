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
 * How many names are kept apart, of each owner and of all together, so that windows are bounded whatever keys somebody makes up: the first
 * ones are, and a new one takes the place of one that was not met for a day. A few owners with many names cannot take all the room: the last half of it is for owners
 * who have a tenth of what one may have, and the last quarter for those who have a hundredth. Nothing that is kept apart is ever given up for that, or a window of a day
 * would have it beside what took its place. Not thread-safe; each task has its own.
 */
public final class NameBudget {
    /** By the time of the log. Then a name makes room for another; in windows of a day it stays. */
    private static final long FORGOTTEN_MILLIS = Duration.ofDays(1).toMillis();

    /** So often all owners are looked at for names that make room, at most: whoever is refused may come a thousand times a second. */
    private static final long SWEEP_MILLIS = Duration.ofMinutes(1).toMillis();

    private static final int TENTH = 10;
    private static final int HUNDREDTH = 100;

    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;

    private final int perOwner;
    private final int inAll;
    private final Map<String, Map<String, Long>> lastMet = new HashMap<>();
    private int size;
    private long nextSweepMillis;

    public NameBudget(int perOwner, int inAll) {
        this.perOwner = perOwner;
        this.inAll = inAll;
    }

    /** Goes on with names that were kept apart before, and when each was last met; they may be more than there would be room for. */
    public void resume(String owner, Map<String, Long> names) {
        Map<String, Long> known = known(owner);
        size -= known.size();
        List<Map.Entry<String, Long>> oldestFirst = names.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
                .toList();
        oldestFirst.forEach(name -> known.put(name.getKey(), name.getValue()));
        size += known.size();
    }

    /** Whether a name that is met is kept apart. */
    public boolean admits(String owner, String name, long streamMillis) {
        Map<String, Long> own = lastMet.get(owner);
        if (own != null) {
            // Moves it behind all others, of which the first is the one that was not met for longest.
            if (own.computeIfPresent(name, (same, met) -> Math.max(met, streamMillis)) != null) {
                return true;
            }
            forget(own, allowance() - 1, streamMillis);
        }
        if (isScarce() && streamMillis >= nextSweepMillis) {
            nextSweepMillis = streamMillis + SWEEP_MILLIS;
            lastMet.values().forEach(names -> forget(names, 0, streamMillis));
            lastMet.values().removeIf(Map::isEmpty);
        }
        if (size >= inAll || namesOf(owner).size() >= allowance()) {
            return false;
        }
        known(owner).put(name, streamMillis);
        size++;
        return true;
    }

    /** Below this share of the room it is kept for those who have little. */
    private boolean isScarce() {
        return 2 * size >= inAll;
    }

    /** How many names an owner may come to, by the room that is left. */
    private int allowance() {
        if (!isScarce()) {
            return perOwner;
        }
        int part = 4 * (inAll - size) > inAll ? TENTH : HUNDREDTH;
        return Math.max(1, perOwner / part);
    }

    /** Whether one of the owner's names that are kept apart is such. */
    public boolean hasAny(String owner, Predicate<String> such) {
        return namesOf(owner).keySet().stream().anyMatch(such);
    }

    /** Takes out what was not met for a day, as long as there are more than so many. */
    private void forget(Map<String, Long> names, int atMost, long streamMillis) {
        Iterator<Map.Entry<String, Long>> longestAgo = names.entrySet().iterator();
        while (names.size() > atMost
                && longestAgo.hasNext()
                && longestAgo.next().getValue() < streamMillis - FORGOTTEN_MILLIS) {
            longestAgo.remove();
            size--;
        }
    }

    private Map<String, Long> namesOf(String owner) {
        return lastMet.getOrDefault(owner, Map.of());
    }

    private Map<String, Long> known(String owner) {
        return lastMet.computeIfAbsent(owner, absent -> new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true));
    }
}
