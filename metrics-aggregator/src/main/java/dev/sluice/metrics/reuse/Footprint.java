package dev.sluice.metrics.reuse;

/**
 * How many different keys a node reads on one partition in a time, on average over all such times: reads come at a rate, and each is of a key that was not read in that time before
 * if the one before lies further back (Xiang et al., ASPLOS'13; Hu et al., "Kinetic Modeling of Data Eviction in Cache", ATC'16).
 *
 * @param tally what was read there
 * @param spanMillis in how long
 */
record Footprint(ReuseTally tally, double spanMillis) {
    double keysIn(double millis) {
        double sum = tally.firstReads() * millis;
        for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            if (tally.reads(bucket) > 0) {
                sum += tally.reads(bucket) * Math.min(millis, tally.meanMillis(bucket));
            }
        }
        return sum * tally.readsOfEach() / spanMillis / (double) Math.max(1, tally.samples());
    }
}
