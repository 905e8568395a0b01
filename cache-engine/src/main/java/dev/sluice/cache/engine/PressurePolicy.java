package dev.sluice.cache.engine;

import dev.sluice.cache.engine.MemoryGauge.Reading;

/**
 * How much the first level may weigh, given what is live. Above the high mark it gives up what there is too much of; below the mark
 * it aims at it takes what is free, back to the size that it was given; between the two nothing changes, so that it does not swing. Weights
 * are estimates: where one collection did not free enough, the next asks for more. Pure.
 */
record PressurePolicy(long floor, long full) {

    /** Above it collectors begin to work for little: of the heap in per mille, measured where old objects are. */
    static final long HIGH_PER_MILLE = 850;

    static final long AIM_PER_MILLE = 700;

    PressurePolicy {
        if (full < 1 || floor < 0 || floor > full) {
            throw new IllegalArgumentException("floor must be 0 to the full size");
        }
    }

    /**
     * The next limit.
     *
     * @param limit that holds now
     * @param weight of what is kept, at most about the limit
     */
    long next(long limit, long weight, Reading reading) {
        long aim = part(reading.maxBytes(), AIM_PER_MILLE);
        if (reading.liveBytes() > part(reading.maxBytes(), HIGH_PER_MILLE)) {
            long less = Math.min(limit, weight) - (reading.liveBytes() - aim);
            return Math.min(limit, Math.max(floor, less));
        }
        return reading.liveBytes() < aim
                ? Math.min(full, Math.max(limit, weight + (aim - reading.liveBytes())))
                : limit;
    }

    /** Without overflow. */
    private static long part(long bytes, long perMille) {
        return bytes / 1000 * perMille + bytes % 1000 * perMille / 1000;
    }
}
