package dev.sluice.cache.engine;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * In which order things really changed: what was current of each key when, and which changes were made in the second
 * level. Every value carries a name of its own; its stamp says when it was current.
 */
final class Truth {

    private final Map<String, Integer> stamps = new HashMap<>();
    private final Map<CacheKey, String> atOrigin = new HashMap<>();
    private final Map<String, Change> changes = new LinkedHashMap<>();
    private final boolean ofOrigin;
    private int stamp;
    private int names;

    /**
     * A change as it was made: values of its keys with lower stamps are old from then on.
     *
     * @param number its version, or that of its epoch
     */
    record Change(Map<CacheKey, Integer> since, long number, boolean soft, String what) {

        @Override
        public String toString() {
            return what;
        }
    }

    /** @param ofOrigin values are made at an origin that changes; otherwise those who put them are the source */
    Truth(boolean ofOrigin) {
        this.ofOrigin = ofOrigin;
    }

    CacheValue newValue() {
        names++;
        return CacheValue.of(("v" + names).getBytes(StandardCharsets.UTF_8), "").withTags(List.of("t"));
    }

    /** What a loader makes of a key now. */
    CacheValue atOrigin(CacheKey key) {
        if (!ofOrigin) {
            return newValue();
        }
        String name = atOrigin.computeIfAbsent(key, ignored -> stamped());
        return CacheValue.of(name.getBytes(StandardCharsets.UTF_8), "").withTags(List.of("t"));
    }

    /** The origin has something else from now on. */
    void changeAtOrigin(CacheKey key) {
        atOrigin.put(key, stamped());
    }

    private String stamped() {
        String name = nameOf(newValue());
        stamp++;
        stamps.put(name, stamp);
        return name;
    }

    Change put(CacheKey key, CacheValue value, long version) {
        String name = nameOf(value);
        int current = stamps.computeIfAbsent(name, ignored -> ++stamp);
        return made(new Change(Map.of(key, current), version, false, "the put of " + name + " to " + key.key()));
    }

    /** What is put after this is newer, whenever this one is made. */
    void seal(CacheValue value) {
        int _ = stamps.computeIfAbsent(nameOf(value), ignored -> ++stamp);
    }

    /** Whatever was put before is old, for who has heard of it and, once the log has it, for all. */
    Change renounce(CacheKey key, Epoch epoch) {
        return new Change(since(List.of(key)), epoch.number(), false, "the renouncement of " + key.key());
    }

    void announced(Change renouncement) {
        Change _ = made(renouncement);
    }

    Change delete(CacheKey key, long version) {
        return made(new Change(since(List.of(key)), version, false, "the delete of " + key.key()));
    }

    Change purge(Collection<CacheKey> keys, long number, boolean soft) {
        return made(new Change(since(keys), number, soft, soft ? "the soft purge" : "the purge"));
    }

    /** What the origin had before is old; without one, whatever was put before. */
    private Map<CacheKey, Integer> since(Collection<CacheKey> keys) {
        stamp++;
        int now = stamp;
        ToIntFunction<CacheKey> since = ofOrigin ? key -> stampOf(atOrigin(key)) : key -> now;
        return keys.stream().collect(Collectors.toMap(key -> key, since::applyAsInt));
    }

    private Change made(Change change) {
        changes.put(idOf(change.since.keySet(), change.number), change);
        return change;
    }

    /** The change that was made of these under the number. */
    Change change(Collection<CacheKey> keys, long number) {
        Change change = changes.get(idOf(keys, number));
        if (change == null) {
            throw new IllegalStateException("nothing was changed under the number " + number);
        }
        return change;
    }

    Collection<Change> changes() {
        return changes.values();
    }

    private static String idOf(Collection<CacheKey> keys, long number) {
        return number + keys.stream().map(CacheKey::key).sorted().collect(Collectors.joining(" ", " ", ""));
    }

    int stampOf(CacheValue value) {
        return stamps.getOrDefault(nameOf(value), 0);
    }

    static String nameOf(CacheValue value) {
        return new String(value.bytes(), StandardCharsets.UTF_8);
    }

    /** Which changes somebody must reckon with. */
    static final class Known {
        private final Map<CacheKey, Integer> hard = new HashMap<>();
        private final Map<CacheKey, Integer> soft = new HashMap<>();
        private final Map<CacheKey, Integer> ended = new HashMap<>();

        void learn(Change change) {
            Map<CacheKey, Integer> floors = change.soft ? soft : hard;
            change.since.forEach((key, stamp) -> floors.merge(key, stamp, Math::max));
        }

        /** What was there before ended by itself: no copy may outlive it, while who has asked in time may be answered. */
        void learnEnd(Change change) {
            change.since.forEach((key, stamp) -> ended.merge(key, stamp, Math::max));
        }

        void learn(Known other) {
            other.ended.forEach((key, stamp) -> ended.merge(key, stamp, Math::max));
            other.hard.forEach((key, stamp) -> hard.merge(key, stamp, Math::max));
            other.soft.forEach((key, stamp) -> soft.merge(key, stamp, Math::max));
        }

        Known copy() {
            Known copy = new Known();
            copy.learn(this);
            return copy;
        }

        /** Whether an answer is older than what was known when it was asked for. */
        boolean forbids(CacheKey key, ReadResult result, Truth truth) {
            if (result.entry().isEmpty()) {
                return false;
            }
            int stamp = truth.stampOf(result.entry().get().value());
            boolean saysStale = result.outcome() == ReadOutcome.STALE;
            boolean fromMemory = result.outcome() == ReadOutcome.L1_HIT;
            return stamp < hard.getOrDefault(key, 0)
                    || (!saysStale && stamp < soft.getOrDefault(key, 0))
                    || (fromMemory && stamp < ended.getOrDefault(key, 0));
        }
    }
}
