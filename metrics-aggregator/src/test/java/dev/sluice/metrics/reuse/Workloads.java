package dev.sluice.metrics.reuse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Streams of keys, and what caches make of them that are played in full. */
final class Workloads {
    private Workloads() {}

    /** Keys by rank, the first one most often (Zipf's law with exponent 0.9), mixed so that ranks say nothing about hashes. */
    static List<Long> zipf(int keys, int reads, Random random) {
        double[] cumulative = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++) {
            sum += 1 / Math.pow(rank + 1, 0.9);
            cumulative[rank] = sum;
        }
        List<Long> stream = new ArrayList<>(reads);
        for (int i = 0; i < reads; i++) {
            int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
            stream.add(keyOf(found < 0 ? -found - 1 : found));
        }
        return stream;
    }

    static List<Long> uniform(int keys, int reads, Random random) {
        List<Long> stream = new ArrayList<>(reads);
        for (int i = 0; i < reads; i++) {
            stream.add(keyOf(random.nextInt(keys)));
        }
        return stream;
    }

    /** All keys, one after the other, again and again. */
    static List<Long> scan(int keys, int reads) {
        List<Long> stream = new ArrayList<>(reads);
        for (int i = 0; i < reads; i++) {
            stream.add(keyOf(1_000_000 + i % keys));
        }
        return stream;
    }

    /** Popular keys with a scan in between, and one in ten that is never read again. */
    static List<Long> mixed(int keys, int reads, Random random) {
        List<Long> popular = zipf(keys, reads, random);
        List<Long> stream = new ArrayList<>(reads);
        for (int i = 0; i < reads; i++) {
            int kind = random.nextInt(10);
            stream.add(kind < 6 ? popular.get(i) : kind < 9 ? keyOf(1_000_000 + i % keys) : keyOf(2_000_000L + i));
        }
        return stream;
    }

    static long keyOf(long number) {
        return number * 0x9e3779b97f4a7c15L;
    }

    /** The hits of an LRU cache of that size, which is played in full. */
    static double exactHitRate(List<Long> stream, int size) {
        Map<Long, Boolean> cache = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
                return size() > size;
            }
        };
        long hits = stream.stream().filter(key -> cache.put(key, true) != null).count();
        return (double) hits / stream.size();
    }

    /** The hits of a cache where each value lives so long and is made anew after that, of reads that come so far apart; it is played in full. */
    static double exactHitRate(List<Long> stream, long ttlMillis, long millisBetween) {
        Map<Long, Long> made = new HashMap<>();
        long hits = 0;
        for (int i = 0; i < stream.size(); i++) {
            long now = i * millisBetween;
            Long madeAt = made.get(stream.get(i));
            if (madeAt != null && now - madeAt < ttlMillis) {
                hits++;
            } else {
                made.put(stream.get(i), now);
            }
        }
        return (double) hits / stream.size();
    }

    /** Sizes up to all keys, at equal distances, as errors of curves are told in the field. */
    static List<Integer> sizes(int largest) {
        List<Integer> sizes = new ArrayList<>();
        for (int part = 1; part <= 30; part++) {
            sizes.add(Math.max(1, largest * part / 30));
        }
        return sizes;
    }
}
