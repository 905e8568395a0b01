package dev.sluice.metrics.reuse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are chosen by their hash alone, never more than so many: a key belongs to the sample when its position is below a threshold, and who has too many lowers it to
 * that of the highest, which goes. So all reads of a key are in the sample or none is, and samples of different parts of a stream choose alike.
 *
 * <p>Source: Waldspurger, Park, Garthwaite, Ahmad, "Efficient MRC Construction with SHARDS", FAST'15, sections 3.1 (spatial sampling) and 3.2
 * (fixed size). Not in the paper: keys that were not read for long are forgotten, and the threshold goes up again when half of the room is empty,
 * since a service meets new keys for ever. Not thread-safe.
 */
final class KeySample<K extends SampledKey> {
    /** Positions are from 0 to this, which does not belong to them. */
    static final long POSITIONS = 1L << 32;

    private final int maxKeys;
    private final Map<Long, K> keys = new HashMap<>();
    private final PriorityQueue<K> highest =
            new PriorityQueue<>(Comparator.comparingLong(SampledKey::position).reversed());
    private long threshold;

    KeySample(int maxKeys, long threshold) {
        if (maxKeys < 1) {
            throw new IllegalArgumentException("maxKeys must be at least 1: " + maxKeys);
        }
        if (threshold < 0 || threshold > POSITIONS) {
            throw new IllegalArgumentException("threshold must be a position: " + threshold);
        }
        this.maxKeys = maxKeys;
        this.threshold = threshold;
    }

    /** One that takes every key until it is full. */
    KeySample(int maxKeys) {
        this(maxKeys, POSITIONS);
    }

    /** Mixed once more, so that neither hashes that were mixed badly nor other estimates made of them matter (SplitMix64's finalizer). */
    static long positionOf(long hash) {
        long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return (mixed ^ (mixed >>> 31)) >>> 32;
    }

    boolean takes(long hash) {
        return positionOf(hash) < threshold;
    }

    @Nullable
    K find(long hash) {
        return keys.get(hash);
    }

    /** Adds one that it takes and does not have. Returns those that had to go, of which it may be one. */
    List<K> add(K key) {
        keys.put(key.hash(), key);
        highest.add(key);
        if (keys.size() <= maxKeys) {
            return List.of();
        }
        List<K> gone = new ArrayList<>();
        // Never to 0, which would take nothing for ever.
        threshold = Math.max(1, first().position());
        while (!highest.isEmpty() && first().position() >= threshold) {
            K out = highest.remove();
            keys.remove(out.hash());
            gone.add(out);
        }
        return gone;
    }

    private K first() {
        return highest.element();
    }

    /** Forgets keys that were not read since, and returns them. */
    List<K> forget(long beforeMillis) {
        List<K> gone = new ArrayList<>();
        for (K key : keys.values()) {
            if (key.readMillis() < beforeMillis) {
                gone.add(key);
            }
        }
        gone.forEach(key -> keys.remove(key.hash()));
        if (!gone.isEmpty()) {
            highest.clear();
            highest.addAll(keys.values());
        }
        return gone;
    }

    /** Takes keys of twice as many positions where half of the room is empty. */
    void grow() {
        if (keys.size() <= maxKeys / 2) {
            threshold = Math.min(POSITIONS, threshold * 2);
        }
    }

    /** Positions below this are taken. */
    long threshold() {
        return threshold;
    }

    Collection<K> keys() {
        return Collections.unmodifiableCollection(keys.values());
    }
}
