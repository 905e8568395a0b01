package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.reuse.MissRatioCurve;
import dev.sluice.metrics.reuse.MissRatioCurve.FirstLevel;
import dev.sluice.metrics.reuse.ReuseTally;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** What larger first levels would bring a namespace, with what that rests on. Without enough reads there are no points and nothing is said. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record MissRatioAnswer(
        @JsonUnwrapped Period period,
        @Nullable Instant asOf,
        @Nullable FreshnessView freshness,
        String namespace,
        List<Point> points,
        @Nullable Double max_hit_rate,
        @Nullable Level l1,
        List<Change> changes,
        ReuseEvidence evidence) {
    /** A first level of that size on each node would answer such a part of the reads, if nothing expired or was removed. */
    record Point(long keys, long bytes, double hit_rate, double miss_rate) {
        static Point of(MissRatioCurve.Point point) {
            return new Point(point.keys(), point.bytes(), point.hitRate(), 1 - point.hitRate());
        }
    }

    /**
     * The first level as it seems to be, on each node.
     *
     * @param hit_rate as it was measured
     * @param kept_share the part of the reads of what it holds that did not miss for want of room
     * @param is_full whether it is too small for what is read again
     */
    record Level(double hit_rate, long keys, long bytes, double kept_share, boolean is_full) {}

    /**
     * What a first level so many times as large would do.
     *
     * @param gain by how much the hit rate changes
     */
    record Change(double factor, long keys, long bytes, double hit_rate, double gain, String statement) {
        static Change of(MissRatioCurve curve, FirstLevel level, double hitRate, double factor) {
            double after = Math.clamp(hitRate + curve.firstLevelGain(level, factor), 0, 1);
            double keys = level.keys() * factor;
            return new Change(
                    factor,
                    Math.round(keys),
                    Math.round(curve.bytes(keys)),
                    after,
                    after - hitRate,
                    String.format(
                            Locale.ROOT,
                            "L1 ×%s → hit rate %+.1f %% (%.1f %% → %.1f %%)",
                            factor < 1 ? "½" : String.valueOf(Math.round(factor)),
                            100 * (after - hitRate),
                            100 * hitRate,
                            100 * after));
        }
    }

    static MissRatioAnswer of(
            Period period,
            @Nullable Freshness freshness,
            String namespace,
            List<ReuseTally> partitions,
            ReuseTally others) {
        ReuseEvidence evidence = ReuseEvidence.of(partitions, others);
        Instant asOf = freshness == null ? null : freshness.completeTo();
        FreshnessView view = FreshnessView.of(freshness);
        if (!evidence.isEnough()) {
            return new MissRatioAnswer(period, asOf, view, namespace, List.of(), null, null, List.of(), evidence);
        }
        MissRatioCurve curve = MissRatioCurve.of(partitions);
        FirstLevel level = curve.firstLevel();
        double hitRate = (double) partitions.stream()
                        .mapToLong(ReuseTally::firstLevelHits)
                        .sum()
                / (double) evidence.reads();
        return new MissRatioAnswer(
                period,
                asOf,
                view,
                namespace,
                curve.points().stream().map(Point::of).toList(),
                curve.hitRate(Double.MAX_VALUE),
                new Level(
                        hitRate,
                        Math.round(level.keys()),
                        Math.round(curve.bytes(level.keys())),
                        level.keptShare(),
                        level.isFull()),
                DoubleStream.of(0.5, 2, 4, 8)
                        .mapToObj(factor -> Change.of(curve, level, hitRate, factor))
                        .toList(),
                evidence);
    }
}
