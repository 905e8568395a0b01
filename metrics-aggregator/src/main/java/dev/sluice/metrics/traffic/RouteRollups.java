package dev.sluice.metrics.traffic;

import dev.sluice.metrics.traffic.RouteTally.Count;
import dev.sluice.record.Rollup;
import dev.sluice.record.RollupDimension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What others read about a closed window of a route. */
final class RouteRollups {
    private RouteRollups() {}

    static Rollup of(RouteDimension route, long windowStart, Duration size, RouteTally tally) {
        Map<String, Long> counts = new HashMap<>();
        for (Count count : Count.values()) {
            counts.put(count.name().toLowerCase(Locale.ROOT), tally.count(count));
        }
        return Rollup.newBuilder()
                .setTenant(route.tenant())
                .setDimension(RollupDimension.ROUTE)
                .setName(route.route())
                .setWindowStart(Instant.ofEpochMilli(windowStart))
                .setWindowSeconds(size.toSeconds())
                .setCounts(counts)
                .setLatencySketch(ByteBuffer.wrap(tally.latency().toProtobuf()))
                .build();
    }
}
