package dev.sluice.metrics.reuse;

/**
 * When a sample follows the reads: all the time where it has few, and one eighth of the time where it has very many. In each hour it follows them until it has met its keys so often that more of the same says little more; then
 * it rests for seven times as many reads, comes back, and what it sees then stands for what it has left out.
 *
 * <p>A key that was read last before a rest may have been read in it, so its first read after it says nothing, unless it is one that is read more seldom; the second says what the first might
 * have said, and stands for both. Few reads are of keys that are new, of which a sample of fixed size meets no more than it has room for before it takes fewer. Not thread-safe.
 */
final class Shifts {
    /** Each read that it follows after a rest stands for so many. */
    static final int EACH = 8;

    /** Reads for each key of the sample. */
    private static final int READS_OF_A_KEY = 64;

    private static final long HOUR_MILLIS = 3_600_000;

    private final long plenty;
    private long hour = Long.MIN_VALUE;
    private int weight = 1;
    private long reads;
    private long sampled;
    private long left;
    private long resumedMillis = Long.MIN_VALUE;
    private long restedMillis;
    private long lastMillis;

    Shifts(int keys) {
        this.plenty = (long) READS_OF_A_KEY * keys;
    }

    /** Reads of such a time come, so many: each that is followed stands for as many as this returns; 0 when none is. */
    int begin(long atMillis, int count) {
        long now = Math.floorDiv(atMillis, HOUR_MILLIS);
        if (now > hour) {
            hour = now;
            resume(atMillis, 1);
        } else if (left > 0) {
            left -= count;
            if (left > 0) {
                return 0;
            }
            resume(atMillis, EACH);
        }
        reads += count;
        lastMillis = atMillis;
        return weight;
    }

    private void resume(long atMillis, int each) {
        if (left > 0 || each > 1) {
            resumedMillis = atMillis;
            restedMillis = atMillis - lastMillis;
        }
        weight = each;
        reads = 0;
        sampled = 0;
        left = 0;
    }

    /** So many of them were of keys of the sample. */
    void end(int ofSample) {
        sampled += ofSample;
        if (sampled >= plenty) {
            left = (EACH - 1) * reads;
        }
    }

    /** Whether a key that was read then, and that long before it, can hardly have been read since. */
    boolean hasFollowed(long readMillis, long gapMillis) {
        return readMillis >= resumedMillis || gapMillis >= restedMillis;
    }
}
