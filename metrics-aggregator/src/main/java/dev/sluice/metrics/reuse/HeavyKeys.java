package dev.sluice.metrics.reuse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the keys that are read most, among a quarter of the reads, taken by chance: of which it has enough, those that came most often are told, and it begins anew. Nothing is allocated while it gathers. Not
 * thread-safe.
 */
final class HeavyKeys {
    /** So many are told at most. */
    static final int MOST = 64;

    /** So many reads are looked at before they are told. */
    private static final int GATHERED = 4096;

    /** The longest way from one of these to the next; as likely as any shorter one. */
    private static final int LONGEST_STEP = 7;

    /** Fewer of these may be chance. */
    private static final int LEAST = 6;

    private long[] hashes = {};
    private int size;
    private int left;
    private long lot = 1;

    private record Found(long hash, int count) {}

    /** A key was read; true when there are enough, to be asked for with {@link #take}. */
    boolean read(long hash) {
        if (left-- > 0) {
            return false;
        }
        // The constants are those of Knuth's MMIX.
        lot = lot * 6364136223846793005L + 1442695040888963407L;
        left = Math.floorMod(lot >>> 33, LONGEST_STEP);
        if (size == hashes.length) {
            hashes = new long[GATHERED];
        }
        hashes[size++] = hash;
        return size == GATHERED;
    }

    /** The hashes of the keys that came most often, sorted by hash; begins anew. */
    long[] take() {
        Arrays.sort(hashes, 0, size);
        List<Found> found = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= size; to++) {
            if (to == size || hashes[to] != hashes[from]) {
                if (to - from >= LEAST) {
                    found.add(new Found(hashes[from], to - from));
                }
                from = to;
            }
        }
        size = 0;
        return found.stream()
                .sorted(Comparator.comparingInt(Found::count).reversed())
                .limit(MOST)
                .mapToLong(Found::hash)
                .sorted()
                .toArray();
    }
}
