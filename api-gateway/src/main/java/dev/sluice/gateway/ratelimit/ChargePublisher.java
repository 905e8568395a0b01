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
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Puts what limits were charged on the log, summed up by tenant and second, whatever it was for: requests, what was found in
 * their bodies, and what services asked for. Never blocks a request, which adds to a sum; what does not fit while Kafka
 * is away is dropped and counted by {@link BatchingPublisher}. Thread-safe.
 */
final class ChargePublisher implements ChargeLog, AutoCloseable {

    /** In place of a route; no route's id begins so. */
    private static final String ROUTE = "__limits__";

    /** Nobody waits for it, and each busy tenant is one record a batch; nor is a gateway that stops held up for long. */
    private static final BatchLimits LIMITS = new BatchLimits(
            Duration.ofMillis(500),
            BatchLimits.DEFAULT.batchEntries(),
            BatchLimits.DEFAULT.heldEntries(),
            BatchLimits.DEFAULT.inFlight(),
            Duration.ofSeconds(2));

    private static final Duration SUMMED_FOR = Duration.ofMillis(500);

    private final BatchingPublisher<String, List<LimitCharge>> batches;
    private final InstantSource clock;
    private final ChargeSums sums = new ChargeSums();
    private final LimitCharge.Listener toSums = sums::add;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("charges").factory());

    /** @param gateway tells this process from others and from former ones */
    ChargePublisher(RecordPublishers publishers, String gateway, InstantSource clock) {
        RecordPublisher<RequestBatch> topic = publishers.to(Topics.REQUESTS);
        this.clock = clock;
        this.batches = publishers.batching(
                "charges",
                (tenant, decisions) ->
                        topic.publish(tenant + "|" + ROUTE, batchOf(tenant, gateway, decisions, clock.instant())),
                LIMITS);
        Future<?> _ = timer.scheduleWithFixedDelay(
                this::offerSums, SUMMED_FOR.toMillis(), SUMMED_FOR.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void decided(String tenant, List<Limit> limits, LimitDecision made, long cost) {
        if (AnonymousCallers.isAnonymous(tenant)) {
            return;
        }
        LimitCharge.tell(tenant, limits, made, cost, TimeUnit.MILLISECONDS.toMicros(clock.millis()), toSums);
    }

    /** Hands over what has come together so far. */
    private synchronized void offerSums() {
        sums.take((tenant, charges) -> {
            // Whether it was taken is counted by the publisher.
            boolean _ = batches.offer(tenant, charges);
        });
    }

    /** Before the publisher ends, which sends what it has. */
    @Override
    public void close() {
        timer.shutdown();
        offerSums();
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
