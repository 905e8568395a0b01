package dev.sluice.webhook.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import dev.sluice.record.LaggardPosition;
import dev.sluice.record.WebhookBreaker;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.TrustedRecords;
import dev.sluice.webhook.egress.Timings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatsViewTest {

    static {
        TrustedRecords.load();
    }

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void tellsWhatWaitsForOneThatIsBehind() {
        WebhookEndpointState state = WebhookEndpointState.newBuilder()
                .setEndpointId("ep_1")
                .setTenant("acme")
                .setConsecutiveFailures(2)
                .setLaggards(List.of(LaggardPosition.newBuilder()
                        .setPartition(0)
                        .setOffset(7)
                        .setAttempt(2)
                        .setDueAt(NOW.plusSeconds(5))
                        .setWaitingSince(NOW.minusSeconds(5))
                        .setPending(100_000L)
                        .setCountedUntil(200_000L)
                        .build()))
                .setUpdatedAt(NOW)
                .setBreaker(WebhookBreaker.OPEN)
                .setProbeAt(NOW.plusSeconds(3))
                .setConcurrency(4)
                .build();
        assertThat(StatsView.Backlog.of(Optional.of(state)))
                .isEqualTo(new StatsView.Backlog(
                        "waits", 100_000L, NOW.minusSeconds(5), 2, NOW.plusSeconds(5), "open", NOW.plusSeconds(3), 4));
        assertThat(StatsView.Backlog.of(Optional.empty()))
                .isEqualTo(new StatsView.Backlog("none", 0L, null, null, null, "closed", null, null));
    }

    @Test
    void aWebhookThatGotNothingHasNoRates() {
        StatsView stats = StatsView.of(endpoint(), found(List.of()), List.of(), Optional.empty(), HOUR, NOW);

        assertThat(stats.status()).isEqualTo("active");
        assertThat(stats.attempts()).isEqualTo(new StatsView.Attempts(0, 0, 0, null, null, null));
        assertThat(stats.deliveries()).isEqualTo(new StatsView.Deliveries(0, 0, 0, null));
        assertThat(stats.lastDeliveredAt()).isNull();
    }

    @Test
    void countsWhatBeganWithinTheWindowAndSaysHowDeliveriesStand() {
        Entry old = Entries.attempt("ep_1", "msg_old", 1, NOW.minusSeconds(7_200), State.RETRYING);
        Entry failed = Entries.attempt("ep_1", "msg_a", 1, NOW.minusSeconds(60), State.RETRYING);
        Entry delivered = Entries.attempt("ep_1", "msg_a", 2, NOW.minusSeconds(30), State.DELIVERED);
        List<Delivery> deliveries = List.of(new Delivery(List.of(delivered, failed)), new Delivery(List.of(old)));

        StatsView stats = StatsView.of(
                endpoint(), found(List.of(delivered, failed, old)), deliveries, Optional.empty(), HOUR, NOW);

        assertThat(stats.attempts()).isEqualTo(new StatsView.Attempts(2, 1, 1, 0.5, 3.0, 3.0));
        assertThat(stats.deliveries())
                .isEqualTo(new StatsView.Deliveries(1, 1, 0, old.position().at().minusSeconds(1)));
        assertThat(stats.lastDeliveredAt()).isEqualTo(delivered.position().at());
        assertThat(stats.lastFailedAt()).isEqualTo(failed.position().at());
        assertThat(stats.completeFrom()).isEqualTo(NOW.minus(Duration.ofDays(3)));
        assertThat(stats.asOf()).isEqualTo(NOW.minusMillis(7));
    }

    @Test
    void percentilesAreThoseOfCounting() {
        Random random = Randomness.seeded();
        for (int round = 0; round < 200; round++) {
            List<Entry> entries = new ArrayList<>();
            for (int i = random.nextInt(60); i >= 0; i--) {
                Entry any = Entries.attempt("ep_1", "msg_" + i, 1, NOW.minusSeconds(i), State.DELIVERED);
                entries.add(taking(any, Duration.ofMillis(random.nextInt(20))));
            }
            StatsView.Attempts attempts = StatsView.of(
                            endpoint(), found(entries), List.of(), Optional.empty(), HOUR, NOW)
                    .attempts();
            assertThat(attempts.p50Millis()).isEqualTo(naively(entries, 50));
            assertThat(attempts.p95Millis()).isEqualTo(naively(entries, 95));
        }
    }

    /** The least value that at least so many percent of all do not exceed. */
    private static double naively(List<Entry> entries, int percent) {
        return entries.stream()
                .map(Entry::took)
                .filter(candidate -> entries.stream()
                                        .filter(entry -> entry.took().compareTo(candidate) <= 0)
                                        .count()
                                * 100
                        >= (long) entries.size() * percent)
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .toMillis();
    }

    private static Found<Entry> found(List<Entry> entries) {
        return new Found<>(entries, NOW.minus(Duration.ofDays(3)), NOW.minusMillis(7));
    }

    private static Entry taking(Entry entry, Duration took) {
        return new Entry(
                entry.position(),
                entry.tenant(),
                entry.endpointId(),
                entry.eventId(),
                entry.eventType(),
                entry.createdAt(),
                Timings.of(took),
                entry.protocol(),
                entry.state(),
                entry.status(),
                entry.error(),
                entry.response(),
                entry.nextAttemptAt());
    }

    private static WebhookEndpoint endpoint() {
        return WebhookEndpoint.newBuilder()
                .setId("ep_1")
                .setTenant("acme")
                .setUrl("https://example.com/")
                .setStatus(WebhookEndpointStatus.ACTIVE)
                .setEventTypes(List.of())
                .setSecrets(List.of())
                .setCreatedAt(Instant.EPOCH)
                .setUpdatedAt(Instant.EPOCH)
                .build();
    }
}
