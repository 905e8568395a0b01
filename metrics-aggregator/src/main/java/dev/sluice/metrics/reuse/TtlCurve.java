package dev.sluice.metrics.reuse;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/** How many reads of a namespace would be answered with other TTLs, and how old the answers would be. Pure. */
public final class TtlCurve {
    /** Fewer expiries say nothing about the TTL. */
    private static final long LEAST_EXPIRED = 20;

    /** A key that is read often is read soon after it has expired; others later, so the usual age says too much. */
    private static final double SOON = 0.1;

    private final TtlTally tally;

    /**
     * A TTL and what it would have done.
     *
     * @param hitRate part of the reads that would have got a value, 0 to 1
     * @param meanAgeSeconds how old that was, on average
     */
    public record Point(double ttlSeconds, double hitRate, double meanAgeSeconds) {}

    private TtlCurve(TtlTally tally) {
        this.tally = tally;
    }

    /** The curve of what was counted on each partition. */
    public static TtlCurve of(Collection<ReuseTally> partitions) {
        TtlTally all = new TtlTally();
        partitions.forEach(partition -> all.merge(partition.ttls()));
        return new TtlCurve(all);
    }

    /** The TTL that values have, worked out of how old those were that had expired; empty when too few have. */
    public OptionalDouble currentSeconds() {
        return tally.expired() < LEAST_EXPIRED
                ? OptionalDouble.empty()
                : OptionalDouble.of(tally.expiredAgeSeconds(SOON));
    }

    /** Part of the replayed reads that did hit. */
    public double measuredHitRate() {
        return tally.reads() <= 0 ? 0 : tally.hits() / tally.reads();
    }

    public long sampledReads() {
        return tally.sampledReads();
    }

    public long sampledKeys() {
        return tally.sampledKeys();
    }

    /** Values that had expired of which it is known when they were made. */
    public long expired() {
        return tally.expired();
    }

    public List<Point> points() {
        List<Point> points = new ArrayList<>();
        for (int ttl = 0; ttl < TtlTally.TTLS; ttl++) {
            points.add(at((double) TtlTally.ttlMillis(ttl) / 1000));
        }
        return points;
    }

    public double shortestSeconds() {
        return (double) TtlTally.ttlMillis(0) / 1000;
    }

    public double longestSeconds() {
        return (double) TtlTally.ttlMillis(TtlTally.TTLS - 1) / 1000;
    }

    /** Of a TTL between those that were replayed what lies between these; of others the next one. */
    public Point at(double ttlSeconds) {
        double place =
                Math.clamp(Math.log(ttlSeconds / shortestSeconds()) / Math.log(2), 0, (double) TtlTally.TTLS - 1);
        int below = Math.min((int) place, TtlTally.TTLS - 2);
        double part = place - below;
        double hits = tally.hits(below) * (1 - part) + tally.hits(below + 1) * part;
        double ages = tally.ageSeconds(below) * (1 - part) + tally.ageSeconds(below + 1) * part;
        return new Point(ttlSeconds, tally.reads() <= 0 ? 0 : hits / tally.reads(), hits <= 0 ? 0 : ages / hits);
    }
}
