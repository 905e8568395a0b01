package dev.sluice.webhook.health;

import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.schemas.Topics;
import dev.sluice.webhook.reading.ReaderSettings;
import dev.sluice.webhook.reading.ReceivedRecord;
import dev.sluice.webhook.reading.RecordHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of every attempt once, by endpoint: all of an endpoint's are in one partition, which one dispatcher has. What follows is done before
 * the attempt is done with, in an order in which it can be begun again: disabled, told, remembered.
 */
final class HealthListener implements RecordHandler<DeliveryAttempt> {

    private static final Logger LOG = LoggerFactory.getLogger(HealthListener.class);

    static final ReaderSettings SETTINGS = ReaderSettings.of(
                    "webhook-health", "sluice-webhook-health", List.of(Topics.WEBHOOK_ATTEMPTS.name()))
            .inBulk();

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    /** Failures that are not told of are remembered now and then: to count some of them twice or not at all does no harm. */
    private static final int FAILURES_BETWEEN_WRITES = 10;

    /** What is not known by then of endpoints that are there is not known at all. */
    private static final Duration LONG_AGO = Duration.ofHours(1);

    private final Function<String, Optional<WebhookEndpoint>> endpoints;
    private final Function<String, CompletableFuture<Void>> disabler;
    private final HealthTable table;
    private final OperationalEventPublisher events;
    private final HealthProperties properties;
    private final InstantSource clock;
    /** The end of what is under way, by endpoint: what is read at once is done one after the other. */
    private final Map<String, CompletableFuture<Void>> tails = new ConcurrentHashMap<>();
    /** What is known beyond the table. */
    private final Map<String, Health> newest = new ConcurrentHashMap<>();

    /**
     * Hears attempts.
     *
     * @param endpoints by id, as they are now
     * @param disabler disables one that fails; completes when it is disabled, changed by its owner, or no more
     */
    HealthListener(
            Function<String, Optional<WebhookEndpoint>> endpoints,
            Function<String, CompletableFuture<Void>> disabler,
            HealthTable table,
            OperationalEventPublisher events,
            HealthProperties properties,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.disabler = disabler;
        this.table = table;
        this.events = events;
        this.properties = properties;
        this.clock = clock;
    }

    /** Others have heard of them meanwhile: what they know is in the table, and what was known here is of then. */
    @Override
    public void assigned(Collection<TopicPartition> partitions, ToLongFunction<TopicPartition> positions) {
        newest.clear();
    }

    /** An endpoint was changed or removed; nothing is kept of one that is no more. */
    void changed(String endpointId) {
        if (endpoints.apply(endpointId).isEmpty()) {
            forget(endpointId);
        }
    }

    /** Forgets endpoints that were removed when nobody was there to see it; to be called when both tables are there as a whole. */
    void sweep() {
        table.writtenBefore(clock.instant().minus(LONG_AGO)).forEach(this::changed);
    }

    private void forget(String endpointId) {
        newest.remove(endpointId);
        CompletableFuture<?> _ = table.remove(endpointId).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn(
                        "the health of webhook {}, which is no more, was not removed: {}",
                        endpointId,
                        failure.toString());
            }
        });
    }

    /** Endpoints of which more is known than the table says. */
    int size() {
        return newest.size();
    }

    @Override
    public CompletionStage<?> handle(ReceivedRecord<DeliveryAttempt> record) {
        return heard(record.value());
    }

    CompletionStage<?> heard(DeliveryAttempt attempt) {
        String id = attempt.getEndpointId();
        CompletableFuture<Void> tail = tails.compute(id, (key, before) -> {
            CompletableFuture<Void> judged = (before == null
                            ? table.whenReady()
                            : before.<Void>handle((done, failure) -> null))
                    .thenCompose(free -> judge(attempt));
            // Of most there is nothing to be done, and nothing for the next to wait for.
            return judged.state() == Future.State.SUCCESS ? null : judged;
        });
        return tail == null ? DONE : tail.whenComplete((done, failure) -> tails.remove(id, tail));
    }

    private CompletableFuture<Void> judge(DeliveryAttempt attempt) {
        String id = attempt.getEndpointId();
        Optional<WebhookEndpoint> found =
                endpoints.apply(id).filter(endpoint -> endpoint.getTenant().equals(attempt.getTenant()));
        if (found.isEmpty()) {
            newest.remove(id);
            return table.remove(id);
        }
        WebhookEndpoint endpoint = found.get();
        Health before = newest.getOrDefault(id, table.find(id));
        Verdict verdict =
                before.verdict(attempt, endpoint, properties.disableAfter(), properties.disableAfterAttempts());
        Health after = before.after(attempt);
        return switch (verdict) {
            case Verdict.Nothing _ -> remember(endpoint, before, after);
            case Verdict.Gone _ ->
                events.disabled(endpoint, attempt, null).thenCompose(told -> write(endpoint, after.disabled(now())));
            case Verdict.Failing failing -> disable(endpoint, attempt, failing, after);
            case Verdict.Recovered recovered ->
                events.recovered(endpoint, recovered.disabledAt()).thenCompose(told -> write(endpoint, after));
        };
    }

    private CompletableFuture<Void> disable(
            WebhookEndpoint endpoint, DeliveryAttempt attempt, Verdict.Failing failing, Health after) {
        return disabler.apply(endpoint.getId()).thenCompose(done -> {
            boolean disabled = endpoints
                    .apply(endpoint.getId())
                    .filter(now -> now.getStatus() == WebhookEndpointStatus.DISABLED)
                    .isPresent();
            // Else its owner changed it at that moment; the next failure decides about what it is now.
            return disabled
                    ? events.disabled(endpoint, attempt, failing.since())
                            .thenCompose(told -> write(endpoint, after.disabled(now())))
                    : remember(endpoint, after, after);
        });
    }

    private CompletableFuture<Void> remember(WebhookEndpoint endpoint, Health before, Health after) {
        boolean turned = (before.failures() == 0) != (after.failures() == 0);
        if (turned || (after.failures() > 0 && after.failures() % FAILURES_BETWEEN_WRITES == 0)) {
            return write(endpoint, after);
        }
        if (!after.equals(before)) {
            newest.put(endpoint.getId(), after);
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> write(WebhookEndpoint endpoint, Health health) {
        return table.put(endpoint.getTenant(), endpoint.getId(), health, now())
                .thenRun(() -> newest.remove(endpoint.getId()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
