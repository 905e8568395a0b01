package dev.sluice.gateway.access;

import dev.sluice.platform.kafka.BatchingPublisher;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.RequestBatch;
import dev.sluice.record.RequestEntry;
import dev.sluice.schemas.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts every request on the log, in batches of one tenant and route. Never blocks a request: an offer is one enqueue, and
 * what does not fit while Kafka is away is dropped and counted by {@link BatchingPublisher}. Thread-safe.
 */
final class AccessPublisher {

    private final BatchingPublisher<Dimension, Request> batches;

    /** @param gateway tells this process from others and from former ones */
    AccessPublisher(RecordPublishers publishers, String gateway) {
        RecordPublisher<RequestBatch> topic = publishers.to(Topics.REQUESTS);
        this.batches = publishers.batching(
                "requests",
                (dimension, requests) -> topic.publish(dimension.recordKey(), batchOf(dimension, gateway, requests)));
    }

    void publish(Dimension dimension, Request request) {
        // Whether it was taken is counted by the publisher; a request that is over has nobody to tell.
        boolean _ = batches.offer(dimension, request);
    }

    /** Threads race to the batch, so the requests are put in the order in which they ended. */
    static RequestBatch batchOf(Dimension dimension, String gateway, List<Request> requests) {
        List<Request> ordered = requests.stream()
                .sorted(Comparator.comparingLong(Request::endedMicros))
                .toList();
        long first = ordered.getFirst().endedMicros;
        return RequestBatch.newBuilder()
                .setTenant(dimension.tenant)
                .setRoute(dimension.route)
                .setGateway(gateway)
                .setFirstAt(Instant.EPOCH.plus(first, ChronoUnit.MICROS))
                .setEntries(
                        ordered.stream().map(request -> entryOf(request, first)).toList())
                .build();
    }

    private static RequestEntry entryOf(Request request, long first) {
        return RequestEntry.newBuilder()
                .setOffsetMicros(request.endedMicros - first)
                .setMethod(request.method)
                .setStatus(request.status)
                .setLatencyNanos(request.latencyNanos)
                .setUpstreamNanos(request.upstreamNanos == Request.NOT_ASKED ? null : request.upstreamNanos)
                .setRequestBytes(request.requestBytes)
                .setResponseBytes(request.responseBytes)
                .setKeyId(request.keyId)
                .setTier(request.tier)
                .setVerdict(request.verdict)
                .setGroup(request.group)
                .setCost(request.cost)
                .setCached(request.cached)
                .setLooked(request.looked)
                .build();
    }

    /** What the requests of one batch share. */
    record Dimension(String tenant, String route) {
        String recordKey() {
            return tenant + "|" + route;
        }
    }

    /**
     * One request on its way to the log. Plain numbers: many of them wait while Kafka is away.
     *
     * @param endedMicros since 1970
     * @param upstreamNanos {@link #NOT_ASKED} when no upstream was asked
     * @param group what limits are given for
     * @param cost units admitted, whether or not a limit covers them
     * @param cached whether the response cache had the answer
     * @param looked whether it was looked into for that
     */
    record Request(
            long endedMicros,
            String method,
            int status,
            long latencyNanos,
            long upstreamNanos,
            long requestBytes,
            long responseBytes,
            @Nullable String keyId,
            @Nullable String tier,
            LimitVerdict verdict,
            String group,
            long cost,
            boolean cached,
            boolean looked) {

        static final long NOT_ASKED = -1;
    }
}
