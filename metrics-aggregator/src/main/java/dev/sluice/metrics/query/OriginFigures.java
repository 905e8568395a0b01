package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.metrics.tally.CacheTally;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What hits have saved at the origins of values: of each pattern its hits times what its values took to make on average. Times are milliseconds,
 * to the microsecond, and null where no load was measured.
 *
 * @param origin_time_saved_ms of the patterns of which a load was measured; nothing is assumed about the others
 * @param avg_origin_load_ms of all loads that were measured
 * @param origin_loads_measured how many reads told what their value took to make
 * @param origin_hits_covered the hits that the time was saved by, those of patterns without a measured load left out
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record OriginFigures(
        @Nullable Double origin_time_saved_ms,
        @Nullable Double avg_origin_load_ms,
        long origin_loads_measured,
        long origin_hits_covered) {
    private static final double MICROS_PER_MILLI = 1e3;

    /** @param patterns a tally for each; an average over several would take the loads of one for those of another */
    static OriginFigures of(Collection<CacheTally> patterns) {
        double savedMicros = 0;
        double loadMicros = 0;
        long loads = 0;
        long hits = 0;
        for (CacheTally pattern : patterns) {
            if (pattern.loads() > 0) {
                savedMicros += (double) pattern.loadMicros() / pattern.loads() * pattern.hits();
                loadMicros += pattern.loadMicros();
                loads += pattern.loads();
                hits += pattern.hits();
            }
        }
        return loads == 0
                ? new OriginFigures(null, null, 0, 0)
                : new OriginFigures(millis(savedMicros), millis(loadMicros / loads), loads, hits);
    }

    private static double millis(double micros) {
        return Math.rint(micros) / MICROS_PER_MILLI;
    }
}
