package dev.sluice.metrics.reuse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How many of the reads of a namespace an LRU cache on a node would answer, by the size of that cache. Values do not expire in it and nothing is removed: it says what size can do. Pure.
 *
 * <p>Of one partition it is the sum of the reads by distance (SHARDS), to which the reads are added, or from which they are taken, that a sample of that rate should have had
 * more or fewer (SHARDS-adj, FAST'15, section 3.3): they are those of the few keys that are read most, at the smallest distances. So sizes of fewer keys than one in the sample stands for are told roughly. Where a namespace lies on
 * several partitions, the keys that others read meanwhile come between two reads of a key as well: as many as are read there in a time as long as lay between the two (their
 * footprint; Xiang, Ding, Luo, Bao, "HOTL: a Higher Order Theory of Locality", ASPLOS'13: footprints of streams that know nothing of each other add up).
 */
public final class MissRatioCurve {
    private static final int MOST_POINTS = 40;

    private final List<Step> steps;
    private final double reads;

    /**
     * Reads that hit from a size above {@code from} to {@code to} on, as many of each.
     *
     * @param firstLevelHits those that the first level did not miss for want of room
     * @param bytesPerKey what a key takes in a cache of that size
     */
    private record Step(double from, double to, double reads, double firstLevelHits, double bytesPerKey) {}

    /** A cache of so many keys, which take so many bytes, would answer such a part of the reads. */
    public record Point(long keys, long bytes, double hitRate) {}

    private MissRatioCurve(List<Step> steps, double reads) {
        this.steps = steps;
        this.reads = reads;
    }

    /** The curve of what was counted on each partition. */
    public static MissRatioCurve of(Collection<ReuseTally> partitions) {
        long first =
                partitions.stream().mapToLong(ReuseTally::firstMillis).min().orElse(0);
        long last = partitions.stream().mapToLong(ReuseTally::lastMillis).max().orElse(0);
        List<Footprint> footprints = partitions.stream()
                .map(tally -> new Footprint(tally, (double) Math.max(1, last - first)))
                .toList();
        List<Step> steps = new ArrayList<>();
        double reads = 0;
        for (int own = 0; own < footprints.size(); own++) {
            List<Footprint> others = new ArrayList<>(footprints);
            reads += addSteps(others.remove(own).tally(), others, steps);
        }
        steps.sort(Comparator.comparingDouble(Step::to));
        return new MissRatioCurve(List.copyOf(steps), reads);
    }

    /** Returns how many reads there are. */
    private static double addSteps(ReuseTally tally, List<Footprint> others, List<Step> steps) {
        double each = tally.readsOfEach();
        double expected = (double) (tally.reads() - tally.restedReads()) - tally.unknownReads();
        double found = tally.firstReads();
        for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            found += tally.reads(bucket);
        }
        double missing = expected - found;
        if (missing > 0) {
            steps.add(new Step(0, 1, missing * each, missing * each * nearHitShare(tally), 0));
        }
        double tooMany = Math.max(0, -missing);
        for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            double counted = tally.reads(bucket);
            double taken = Math.min(tooMany, counted);
            tooMany -= taken;
            if (counted > taken) {
                steps.add(step(tally, others, bucket, (counted - taken) * each));
            }
        }
        return Math.max(0, expected * each);
    }

    /** Which part of the reads of the keys that are read most hits the first level: of the nearer half of those that have a distance. */
    private static double nearHitShare(ReuseTally tally) {
        double all = 0;
        for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            all += tally.reads(bucket);
        }
        double reads = 0;
        double hits = 0;
        for (int bucket = 0; bucket < LogBuckets.COUNT && reads < all / 2; bucket++) {
            reads += tally.reads(bucket);
            hits += tally.hits(bucket);
        }
        return reads <= 0 ? 0 : hits / reads;
    }

    private static Step step(ReuseTally tally, List<Footprint> others, int bucket, double reads) {
        double middle = (double) (LogBuckets.from(bucket) + LogBuckets.to(bucket)) / 2;
        double meanMillis = tally.meanMillis(bucket);
        double between =
                others.stream().mapToDouble(other -> other.keysIn(meanMillis)).sum();
        return new Step(
                (double) LogBuckets.from(bucket) - 1 + between,
                (double) LogBuckets.to(bucket) + between,
                reads,
                reads * tally.hits(bucket) / tally.reads(bucket),
                tally.meanBytes(bucket) / middle);
    }

    /** The part of the reads that a cache of so many keys would answer, 0 to 1. */
    public double hitRate(double keys) {
        double hits = 0;
        for (Step step : steps) {
            hits += step.reads() * covered(step, keys);
        }
        return reads <= 0 ? 0 : Math.min(1, hits / reads);
    }

    static double covered(double from, double to, double keys) {
        return Math.clamp((keys - from) / (to - from), 0, 1);
    }

    private static double covered(Step step, double keys) {
        return covered(step.from(), step.to(), keys);
    }

    /** A cache of so many keys answers all reads of keys that were read before; 0 when there are none. */
    public double largestKeys() {
        return steps.isEmpty() ? 0 : steps.getLast().to();
    }

    /** What values of so many keys take in bytes. */
    public double bytes(double keys) {
        double bytes = 0;
        double perKey = 0;
        for (Step step : steps) {
            perKey = step.bytesPerKey() > 0 ? step.bytesPerKey() : perKey;
            if (step.to() >= keys) {
                break;
            }
            bytes = Math.max(bytes, step.to() * perKey);
        }
        return Math.max(bytes, keys * perKey);
    }

    /** Sizes from one key on, each twice the one before, and last the one that answers all it can. */
    public List<Point> points() {
        List<Point> points = new ArrayList<>();
        double largest = largestKeys();
        for (double keys = 1; keys < largest && points.size() < MOST_POINTS; keys *= 2) {
            points.add(point(keys));
        }
        if (largest > 0) {
            points.add(point(largest));
        }
        return points;
    }

    private Point point(double keys) {
        return new Point(Math.round(keys), Math.round(bytes(keys)), hitRate(keys));
    }

    /**
     * What the first level seems to hold: reads of keys that were read shortly before mostly hit it, those from some distance on mostly do not, and where that is best told apart is
     * its size (Otsu, "A Threshold Selection Method from Gray-Level Histograms", 1979).
     */
    public FirstLevel firstLevel() {
        double allReads = 0;
        double allHits = 0;
        for (Step step : steps) {
            allReads += step.reads();
            allHits += step.firstLevelHits();
        }
        FirstLevel best = new FirstLevel(largestKeys(), allReads <= 0 ? 0 : allHits / allReads, 0, false);
        double bestBetween = 0;
        double within = 0;
        double withinHits = 0;
        for (Step step : steps) {
            within += step.reads();
            withinHits += step.firstLevelHits();
            double beyond = allReads - within;
            if (within <= 0 || beyond <= allReads * FirstLevel.LEAST_PART) {
                continue;
            }
            double kept = withinHits / within;
            double keptBeyond = (allHits - withinHits) / beyond;
            double between = within * beyond * (kept - keptBeyond) * (kept - keptBeyond);
            if (kept - keptBeyond >= FirstLevel.LEAST_STEP && between > bestBetween) {
                bestBetween = between;
                best = new FirstLevel(step.to(), kept, keptBeyond, true);
            }
        }
        return best;
    }

    /** By how much the hit rate of the first level would change, were it so many times as large, -1 to 1. */
    public double firstLevelGain(FirstLevel now, double factor) {
        double gain = 0;
        for (Step step : steps) {
            double was = covered(step, now.keys());
            double is = covered(step, now.keys() * factor);
            double kept = step.firstLevelHits();
            // What comes in hits as often as what is in does; what falls out hits as what is out does.
            gain += is >= was
                    ? (is - was) * Math.max(0, step.reads() * now.keptShare() - kept)
                    : (is - was) * Math.max(0, kept - step.reads() * now.beyondShare());
        }
        return reads <= 0 ? 0 : gain / reads;
    }

    /**
     * What the first level of a node holds of a namespace.
     *
     * @param keys so many
     * @param keptShare such a part of reads of what it holds did not miss for want of room; expired and removed values are among these
     * @param beyondShare such a part of the other reads did not all the same
     * @param isFull whether it is too small for what is read again; if not, more room brings nothing
     */
    public record FirstLevel(double keys, double keptShare, double beyondShare, boolean isFull) {
        /** A smaller difference is none. */
        static final double LEAST_STEP = 0.3;

        /** Fewer reads beyond are chance. */
        static final double LEAST_PART = 0.005;
    }
}
