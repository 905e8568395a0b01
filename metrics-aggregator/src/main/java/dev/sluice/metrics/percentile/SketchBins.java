package dev.sluice.metrics.percentile;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.MalformedBytesException;

/** Reads the bins of a sketch. Checks every index first, because a dense store allocates whatever lies between two. */
final class SketchBins {
    private SketchBins() {}

    static void read(CompactReader in, int lowestIndex, int highestIndex, long expectedCount, LatencyBins into) {
        long filled = in.readCount();
        long left = expectedCount;
        long index = 0;
        for (long bin = 0; bin < filled; bin++) {
            long distance = in.readSigned();
            if (bin > 0 && distance <= 0) {
                throw new MalformedBytesException("has bins out of order at index " + index);
            }
            index += distance;
            if (index < lowestIndex || index > highestIndex) {
                throw new MalformedBytesException("has a bin out of range: " + index);
            }
            long count = in.readCount();
            if (count == 0 || count > left) {
                throw new MalformedBytesException("has bins that do not add up to its count");
            }
            left -= count;
            into.add((int) index, count);
        }
        if (left != 0) {
            throw new MalformedBytesException("has bins that do not add up to its count");
        }
    }
}
