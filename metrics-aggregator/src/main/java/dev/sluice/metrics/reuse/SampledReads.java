package dev.sluice.metrics.reuse;

import dev.sluice.record.CacheRead;
import java.util.List;

/**
 * Those reads of a batch whose keys a sample takes, and where these are in it. They are looked for one right after the other, before anything else is done with them: so the processor need not wait for the memory
 * of one before it asks for that of the next. Not thread-safe.
 */
final class SampledReads {
    private final KeySample sample;
    private final int[] reads;
    private final long[] mixed;
    private final int[] places;
    private final int removals;
    private int count;

    SampledReads(KeySample sample, List<CacheRead> batch, long[] mixedHashes) {
        this.sample = sample;
        this.reads = new int[batch.size()];
        this.mixed = mixedHashes;
        for (int read = 0; read < reads.length; read++) {
            reads[count] = read;
            count += sample.takes(mixedHashes[read]) ? 1 : 0;
        }
        this.places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = sample.find(batch.get(reads[i]).getKeyHash(), mixed[reads[i]]);
        }
        this.removals = sample.removals();
    }

    int count() {
        return count;
    }

    /** Which read of the batch one is. */
    int read(int i) {
        return reads[i];
    }

    /** Where its key is now; {@link KeySample#NONE} when it is not there. Ask whether the sample takes it still. */
    int place(int i, long hash) {
        boolean isAsFound = removals == sample.removals() && places[i] != KeySample.NONE;
        return isAsFound ? places[i] : sample.find(hash, mixed[reads[i]]);
    }
}
