package dev.sluice.metrics.traffic;

import dev.sluice.metrics.fact.FactKind;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.traffic.RouteTally.Count;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.Rollup;
import dev.sluice.record.RollupDimension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a batch of requests says about its route: the id of a customer's, or the template of a path of the platform's own. What says something
 * impossible is left to who counts usage: one sets it aside, and that is enough.
 */
final class RouteFacts implements FactKind<RequestBatch, RouteTally> {
    private final RouteSplitter splitter;

    RouteFacts(RouteSplitter splitter) {
        this.splitter = splitter;
    }

    @Override
    public boolean isEmpty(RequestBatch batch) {
        return batch.getEntries().isEmpty();
    }

    @Override
    public String tenantOf(RequestBatch batch) {
        return batch.getTenant();
    }

    @Override
    public String nameOf(RequestBatch batch) {
        return batch.getRoute();
    }

    @Override
    public SortedMap<Long, RouteTally> split(RequestBatch batch, long atMillis, long nowMillis) {
        return splitter.split(batch, atMillis, nowMillis);
    }

    @Override
    public long count(RouteTally tally) {
        return tally.count(Count.REQUESTS);
    }

    @Override
    public Optional<Rollup> rollup(NamedDimension route, long windowStart, Duration size, RouteTally tally) {
        return Optional.of(Rollup.newBuilder()
                .setTenant(route.tenant())
                .setDimension(RollupDimension.ROUTE)
                .setName(route.name())
                .setWindowStart(Instant.ofEpochMilli(windowStart))
                .setWindowSeconds(size.toSeconds())
                .setCounts(tally.counts())
                .setLatencySketch(ByteBuffer.wrap(tally.latency().toProtobuf()))
                .build());
    }

    @Override
    public void refuse(String reason) {
        // Usage is counted of the same records.
    }
}
