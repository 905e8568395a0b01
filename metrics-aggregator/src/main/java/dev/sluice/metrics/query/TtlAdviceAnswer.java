package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.reuse.ReuseTally;
import dev.sluice.metrics.reuse.TtlCurve;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What other TTLs would bring a namespace, and what they would cost, with what that rests on. Without enough reads there are no points and nothing is said.
 *
 * @param hit_rate of the replayed reads, as they were
 * @param ttl_seconds that values seem to have; null when too few have expired to tell
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record TtlAdviceAnswer(
        @JsonUnwrapped Period period,
        @Nullable Instant asOf,
        @Nullable FreshnessView freshness,
        String namespace,
        @Nullable Double hit_rate,
        @Nullable Double ttl_seconds,
        List<Point> points,
        List<Change> changes,
        String recommendation,
        Evidence evidence) {
    private static final double[] FACTORS = {0.5, 1, 2, 4, 8};

    /** Less is not worth older values. */
    private static final double WORTH = 0.01;

    /** Such a part of what can be had is enough. */
    private static final double MOST = 0.9;

    /** With that TTL such a part of the reads would have got a value, so old on average. */
    record Point(double ttl_seconds, double hit_rate, double mean_age_seconds) {
        static Point of(TtlCurve.Point point) {
            return new Point(point.ttlSeconds(), point.hitRate(), point.meanAgeSeconds());
        }
    }

    /**
     * The same of a TTL so many times as long.
     *
     * @param gain by how much the hit rate changes, as it is replayed with the TTL of now
     */
    record Change(
            double factor,
            double ttl_seconds,
            double hit_rate,
            double gain,
            double mean_age_seconds,
            String statement) {
        static Change of(TtlCurve curve, double current, double factor) {
            TtlCurve.Point now = curve.at(current);
            TtlCurve.Point then = curve.at(current * factor);
            double gain = then.hitRate() - now.hitRate();
            return new Change(
                    factor,
                    then.ttlSeconds(),
                    then.hitRate(),
                    gain,
                    then.meanAgeSeconds(),
                    String.format(
                            Locale.ROOT,
                            "TTL ×%s (%.0f s) → hit rate %+.1f %% (%.1f %% → %.1f %%), values %.0f s old on average",
                            factor < 1 ? "½" : String.valueOf(Math.round(factor)),
                            then.ttlSeconds(),
                            100 * gain,
                            100 * now.hitRate(),
                            100 * then.hitRate(),
                            then.meanAgeSeconds()));
        }
    }

    /**
     * What the replay rests on.
     *
     * @param expired values that had expired of which it is known when they were made
     */
    record Evidence(@JsonUnwrapped ReuseEvidence sample, long replayed_reads, long replayed_keys, long expired) {}

    static TtlAdviceAnswer of(
            Period period,
            @Nullable Freshness freshness,
            String namespace,
            List<ReuseTally> partitions,
            ReuseTally others) {
        TtlCurve curve = TtlCurve.of(partitions);
        Evidence evidence = new Evidence(
                ReuseEvidence.of(partitions, others), curve.sampledReads(), curve.sampledKeys(), curve.expired());
        boolean isEnough = evidence.sample().isEnough() && curve.sampledReads() > 0;
        Double current = isEnough && curve.currentSeconds().isPresent()
                ? Double.valueOf(curve.currentSeconds().getAsDouble())
                : null;
        List<Change> changes = changes(curve, current);
        return new TtlAdviceAnswer(
                period,
                freshness == null ? null : freshness.completeTo(),
                FreshnessView.of(freshness),
                namespace,
                isEnough ? curve.measuredHitRate() : null,
                current,
                isEnough ? curve.points().stream().map(Point::of).toList() : List.of(),
                changes,
                isEnough ? recommendation(curve, changes) : "Too few reads were sampled to say anything.",
                evidence);
    }

    private static List<Change> changes(TtlCurve curve, @Nullable Double current) {
        List<Change> changes = new ArrayList<>();
        if (current == null || current <= 0) {
            return changes;
        }
        for (double factor : FACTORS) {
            double then = current * factor;
            if (then >= curve.shortestSeconds() && then <= curve.longestSeconds()) {
                changes.add(Change.of(curve, current, factor));
            }
        }
        return changes;
    }

    private static String recommendation(TtlCurve curve, List<Change> changes) {
        if (changes.isEmpty()) {
            return String.format(
                    Locale.ROOT,
                    "Only %d values are known to have expired, too few to tell the TTL of now: compare the points with the TTL that you give them.",
                    curve.expired());
        }
        double most = changes.getLast().gain();
        if (most < WORTH) {
            return String.format(
                    Locale.ROOT,
                    "The TTL is long enough: one of %.0f s would bring %+.1f %%.",
                    changes.getLast().ttl_seconds(),
                    100 * most);
        }
        return changes.stream()
                .filter(change -> change.gain() >= most * MOST)
                .findFirst()
                .map(change -> "Give values a longer TTL: " + change.statement() + ".")
                .orElseThrow();
    }
}
