package dev.sluice.metrics.topology;

import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.MissCause;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.Rollup;
import dev.sluice.record.RollupDimension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What others read about a closed window. */
final class CacheRollups {
    private CacheRollups() {}

    static Rollup of(CacheDimension dimension, long windowStart, Duration size, CacheTally tally) {
        Map<String, Long> counts = new HashMap<>();
        for (ReadOutcome outcome : ReadOutcome.values()) {
            counts.put(outcome.label(), tally.count(outcome));
        }
        for (MissCause cause : MissCause.values()) {
            counts.put("miss_" + cause.label(), tally.count(cause));
        }
        counts.put("bytes", tally.bytes());
        counts.put("loads", tally.loads());
        counts.put("load_micros", tally.loadMicros());
        return Rollup.newBuilder()
                .setTenant(dimension.tenant())
                .setDimension(RollupDimension.PATTERN)
                .setName(dimension.namespace() + "/" + dimension.pattern())
                .setWindowStart(Instant.ofEpochMilli(windowStart))
                .setWindowSeconds(size.toSeconds())
                .setCounts(counts)
                .setLatencySketch(ByteBuffer.wrap(tally.latency().toProtobuf()))
                .build();
    }
}
