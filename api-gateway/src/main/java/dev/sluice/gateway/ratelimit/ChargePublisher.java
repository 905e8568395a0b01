package dev.sluice.gateway.ratelimit;

import dev.sluice.platform.kafka.BatchLimits;
import dev.sluice.platform.kafka.BatchingPublisher;
import dev.sluice.platform.kafka.RecordPublisher;
import dev.sluice.platform.kafka.RecordPublishers;
import dev.sluice.record.ChargedLimit;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.RequestBatch;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Puts what limits were charged on the log, summed up by tenant and second, whatever it was for: requests, what was found in
 * their bodies, and what services asked for. Never blocks a request: an offer is one enqueue, and what does not fit
 * while Kafka is away is dropped and counted by {@link BatchingPublisher}. Thread-safe.
 */
final class ChargePublisher implements ChargeLog {

    /** In place of a route; no route's id begins so. */
    private static final String ROUTE = "__limits__";

    /** Nobody waits for it, and each busy tenant is one record a batch; nor is a gateway that stops held up for long. */
    private static final BatchLimits LIMITS = new BatchLimits(
            Duration.ofSeconds(1),
            BatchLimits.DEFAULT.batchEntries(),
            BatchLimits.DEFAULT.heldEntries(),
            BatchLimits.DEFAULT.inFlight(),
            Duration.ofSeconds(2));

    private final BatchingPublisher<String, List<LimitCharge>> batches;
    private final InstantSource clock;

    /** @param gateway tells this process from others and from former ones */
    ChargePublisher(RecordPublishers publishers, String gateway, InstantSource clock) {
        RecordPublisher<RequestBatch> topic = publishers.to(Topics.REQUESTS);
        this.clock = clock;
        this.batches = publishers.batching(
                "charges",
                (tenant, decisions) ->
                        topic.publish(tenant + "|" + ROUTE, batchOf(tenant, gateway, decisions, clock.instant())),
                LIMITS);
    }

    @Override
    public void decided(String tenant, List<Limit> limits, LimitDecision made, long cost) {
        if (AnonymousCallers.isAnonymous(tenant)) {
            return;
        }
        List<LimitCharge> charges = LimitCharge.of(limits, made, cost, CalendarWindow.micros(clock.instant()));
        if (!charges.isEmpty()) {
            // Whether it was taken is counted by the publisher.
            boolean _ = batches.offer(tenant, charges);
        }
    }

    static RequestBatch batchOf(String tenant, String gateway, List<List<LimitCharge>> decisions, Instant now) {
        List<ChargedLimit> charges = LimitCharge.sum(decisions).entrySet().stream()
                .map(sum -> new ChargedLimit(
                        sum.getKey().limit(),
                        LimitWindow.valueOf(sum.getKey().period().name()),
                        Instant.EPOCH.plus(sum.getKey().since(), ChronoUnit.MICROS),
                        sum.getValue()))
                .toList();
        return RequestBatch.newBuilder()
                .setTenant(tenant)
                .setRoute(ROUTE)
                .setGateway(gateway)
                .setFirstAt(now)
                .setEntries(List.of())
                .setCharges(charges)
                .build();
    }
}
