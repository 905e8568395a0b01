package dev.sluice.metrics.webhook;

import dev.sluice.metrics.fact.FactKind;
import dev.sluice.metrics.fact.NamedDimension;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.webhook.WebhookTally.Count;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.Rollup;
import dev.sluice.record.RollupDimension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What an attempt says about its webhook; it counts where it began. */
final class WebhookFacts implements FactKind<DeliveryAttempt, WebhookTally> {
    private final Level windows;

    WebhookFacts(Level windows) {
        this.windows = windows;
    }

    @Override
    public String tenantOf(DeliveryAttempt attempt) {
        return attempt.getTenant();
    }

    @Override
    public String nameOf(DeliveryAttempt attempt) {
        return attempt.getEndpointId();
    }

    @Override
    public SortedMap<Long, WebhookTally> split(DeliveryAttempt attempt, long atMillis, long nowMillis) {
        WebhookTally tally = new WebhookTally();
        tally.add(attempt);
        SortedMap<Long, WebhookTally> tallies = new TreeMap<>();
        tallies.put(windows.startOf(atMillis), tally);
        return tallies;
    }

    @Override
    public long count(WebhookTally tally) {
        return tally.count(Count.ATTEMPTS);
    }

    @Override
    public Optional<Rollup> rollup(NamedDimension webhook, long windowStart, Duration size, WebhookTally tally) {
        return Optional.of(Rollup.newBuilder()
                .setTenant(webhook.tenant())
                .setDimension(RollupDimension.WEBHOOK_ENDPOINT)
                .setName(webhook.name())
                .setWindowStart(Instant.ofEpochMilli(windowStart))
                .setWindowSeconds(size.toSeconds())
                .setCounts(tally.counts())
                .setLatencySketch(ByteBuffer.wrap(tally.attempts().toProtobuf()))
                .build());
    }
}
