package dev.sluice.metrics.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.encoding.CompactReader;
import dev.sluice.metrics.encoding.CompactWriter;
import dev.sluice.metrics.encoding.MalformedBytesException;
import dev.sluice.metrics.fact.FactHarness;
import dev.sluice.metrics.ladder.Level;
import dev.sluice.metrics.percentile.LatencySketch;
import dev.sluice.metrics.topology.TopologyHarness;
import dev.sluice.metrics.topology.TopologyProperties;
import dev.sluice.metrics.webhook.WebhookTally.Count;
import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.Rollup;
import dev.sluice.record.RollupDimension;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class WebhookStatsTopologyTest {
    private static final AttemptOutcome[] OUTCOMES = AttemptOutcome.values();

    private final FactHarness<DeliveryAttempt, WebhookTally> topology = harness(TopologyHarness.PROPERTIES);

    @AfterEach
    void close() {
        topology.close();
    }

    @Test
    void countsHowAttemptsEnded() {
        topology.publish(attempt("acme", "hook", 1, AttemptOutcome.RETRY, 503, topology.now()));
        topology.publish(attempt("acme", "hook", 2, AttemptOutcome.RETRY, null, topology.now()));
        topology.publish(attempt("acme", "hook", 3, AttemptOutcome.DELIVERED, 200, topology.now()));
        topology.publish(attempt("acme", "hook", 1, AttemptOutcome.DEAD, 410, topology.now()));
        topology.publish(attempt("acme", "hook", 1, AttemptOutcome.DELIVERED, 204, topology.now()));
        topology.publish(attempt("other", "hook", 1, AttemptOutcome.DELIVERED, 204, topology.now()));

        WebhookTally tally = minute(topology, "acme", "hook");
        assertThat(Arrays.stream(Count.values()).map(tally::count))
                .as(Arrays.toString(Count.values()))
                .containsExactly(5L, 2L, 2L, 1L, 1L, 1L, 1L, 3L, 1L);
        assertThat(tally.attempts().count()).isEqualTo(5);
        assertThat(tally.deliveries().count()).isEqualTo(2);
        assertThat(tally.lastFailureStatus()).isEqualTo(503);
        assertThat(Instant.ofEpochMilli(tally.lastFailureMillis()))
                .isEqualTo(topology.now().plusMillis(30));
        assertThat(minute(topology, "other", "hook").count(Count.ATTEMPTS)).isEqualTo(1);
    }

    @Test
    void aDeliveryTakesFromWhenItWasMadeUntilItsReceiverHasIt() {
        DeliveryAttempt waited = attempt("acme", "hook", 2, AttemptOutcome.DELIVERED, 200, topology.now());
        waited.setCreatedAt(topology.now().minusSeconds(5));
        topology.publish(waited);
        DeliveryAttempt untold = attempt("acme", "hook", 1, AttemptOutcome.DELIVERED, 200, topology.now());
        untold.setCreatedAt(null);
        topology.publish(untold);

        assertThat(minute(topology, "acme", "hook").deliveries().count()).isEqualTo(1);
        assertThat(minute(topology, "acme", "hook").deliveries().quantile(0.5)).isBetween(4.97e9, 5.09e9);
    }

    @Test
    void aWindowThatHasClosedGoesOutOnce() {
        topology.publish(attempt("acme", "hook", 1, AttemptOutcome.DEAD, 500, topology.now()));
        topology.pass(Duration.ofDays(2));

        Map<String, Rollup> rollups = topology.newRollups();
        assertThat(rollups.values())
                .hasSize(3)
                .allSatisfy(rollup -> {
                    assertThat(rollup.getDimension()).isEqualTo(RollupDimension.WEBHOOK_ENDPOINT);
                    assertThat(rollup.getName()).isEqualTo("hook");
                    assertThat(rollup.getCounts()).containsEntry("dead", 1L).containsEntry("delivered", 0L);
                })
                .extracting(Rollup::getWindowSeconds)
                .containsExactlyInAnyOrder(60L, 3600L, 86_400L);
        topology.pass(Duration.ofDays(2));
        assertThat(topology.newRollups()).isEmpty();
    }

    @Test
    void webhooksThatAreTooManyCountAsOthers() {
        try (FactHarness<DeliveryAttempt, WebhookTally> small = harness(TopologyHarness.with(2))) {
            for (String hook : new String[] {"a", "b", "c", "d"}) {
                small.publish(attempt("acme", hook, 1, AttemptOutcome.DELIVERED, 200, small.now()));
            }
            assertThat(small.stored("acme", Level.MINUTE)).containsOnlyKeys("a", "b", "__other__");
            assertThat(minute(small, "acme", "__other__").count(Count.ATTEMPTS)).isEqualTo(2);
        }
    }

    @Test
    void whatCannotBeCountedIsSetAsideAndStopsNothing() {
        topology.publishRaw(null);
        topology.publishRaw(new byte[] {1, 2, 3});
        topology.publish(attempt("", "hook", 1, AttemptOutcome.DELIVERED, 200, topology.now()));
        topology.publish(attempt("acme", "\u0000", 1, AttemptOutcome.DELIVERED, 200, topology.now()));

        assertThat(topology.newPoison()).hasSize(3);
        assertThat(minute(topology, "acme", "__other__").count(Count.ATTEMPTS))
                .as("a name that cannot be a key")
                .isEqualTo(1);
    }

    /** They would fail each time they are tried, and nothing behind them would be counted. */
    @Test
    void timesAndAStatusThatCannotBeStopNothing() {
        topology.publish(attempt("acme", "hook", 1, AttemptOutcome.RETRY, -1, topology.now()));
        DeliveryAttempt madeLater = attempt("acme", "hook", 1, AttemptOutcome.DELIVERED, 200, topology.now());
        madeLater.setCreatedAt(Instant.parse("+200000-01-01T00:00:00Z"));
        topology.publish(madeLater);
        DeliveryAttempt endless = attempt("acme", "hook", 2, AttemptOutcome.DELIVERED, 200, topology.now());
        endless.setDurationNanos(Long.MAX_VALUE);
        topology.publish(endless);

        WebhookTally tally = minute(topology, "acme", "hook");
        assertThat(tally.count(Count.ATTEMPTS)).isEqualTo(3);
        assertThat(tally.lastFailureStatus()).isZero();
        assertThat(tally.deliveries().quantile(0)).isBetween(29e6, 31e6);
        assertThat(tally.deliveries().quantile(1)).isEqualTo((double) LatencySketch.MAX_NANOS);
        topology.pass(Duration.ofDays(2));
        assertThat(topology.newRollups()).hasSize(3);
    }

    @RepeatedTest(6)
    void everyLevelHoldsWhatAnOracleCounted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Map<String, Map<Instant, WebhookTally>> hours = new HashMap<>();
        Map<String, Long> minutes = new HashMap<>();
        Map<String, Rollup> rollups = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            topology.pass(Duration.ofSeconds(random.nextInt(200)));
            Instant at = topology.now().minusSeconds(random.nextInt(1_800)).truncatedTo(ChronoUnit.MILLIS);
            DeliveryAttempt attempt = randomAttempt(random, at);
            topology.publish(attempt);
            rollups.putAll(topology.newRollups());
            hours.computeIfAbsent(attempt.getEndpointId(), absent -> new HashMap<>())
                    .computeIfAbsent(at.truncatedTo(ChronoUnit.HOURS), absent -> new WebhookTally())
                    .add(attempt);
            minutes.merge(attempt.getEndpointId() + at.truncatedTo(ChronoUnit.MINUTES), 1L, Long::sum);
        }
        assertThat(topology.stored("acme", Level.HOUR))
                .as("while it is counted")
                .isEqualTo(hours);
        topology.pass(Duration.ofDays(2));
        rollups.putAll(topology.newRollups());
        assertThat(topology.stored("acme", Level.HOUR)).isEqualTo(hours);

        Map<String, Long> told = new HashMap<>();
        rollups.values().stream()
                .filter(rollup -> rollup.getWindowSeconds() == 60)
                .forEach(rollup -> told.put(
                        rollup.getName() + rollup.getWindowStart(),
                        rollup.getCounts().get("attempts")));
        assertThat(told).isEqualTo(minutes);
        assertThat(topology.meters.find("sluice.metrics.late.facts").counter())
                .as("nothing was late")
                .isNull();
    }

    @Test
    void whatIsStoredComesBackAndNothingElseIsTaken() {
        WebhookTally tally = new WebhookTally();
        tally.add(attempt("acme", "hook", 1, AttemptOutcome.DEAD, 500, topology.now()));
        tally.add(attempt("acme", "hook", 1, AttemptOutcome.DELIVERED, 200, topology.now()));
        CompactWriter out = new CompactWriter();
        tally.encode(out);
        byte[] bytes = out.toByteArray();

        assertThat(WebhookTally.decode(new CompactReader(bytes)))
                .isEqualTo(tally)
                .hasSameHashCodeAs(tally);
        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> WebhookTally.decode(new CompactReader(truncated)))
                    .isInstanceOf(MalformedBytesException.class);
        }
    }

    private static WebhookTally minute(
            FactHarness<DeliveryAttempt, WebhookTally> topology, String tenant, String webhook) {
        return topology.stored(tenant, Level.MINUTE)
                .getOrDefault(webhook, Map.of())
                .getOrDefault(topology.now().truncatedTo(ChronoUnit.MINUTES), new WebhookTally());
    }

    private static FactHarness<DeliveryAttempt, WebhookTally> harness(TopologyProperties properties) {
        return new FactHarness<>(
                Topics.WEBHOOK_ATTEMPTS,
                WebhookStatsTopology.ladderOf(properties),
                (clock, counters) -> new WebhookStatsTopology(properties, clock, counters).addTo(new Topology()));
    }

    private static DeliveryAttempt randomAttempt(Random random, Instant at) {
        return attempt(
                "acme",
                "hook-" + random.nextInt(3),
                1 + random.nextInt(3),
                OUTCOMES[random.nextInt(OUTCOMES.length)],
                random.nextInt(3) == 0 ? null : 200 + random.nextInt(400),
                at);
    }

    private static DeliveryAttempt attempt(
            String tenant, String webhook, int number, AttemptOutcome outcome, @Nullable Integer status, Instant at) {
        return DeliveryAttempt.newBuilder()
                .setDeliveryId("delivery")
                .setTenant(tenant)
                .setEndpointId(webhook)
                .setEventId("event")
                .setEventType("order.created")
                .setAttempt(number)
                .setAt(at)
                .setDurationNanos(30_000_000)
                .setOutcome(outcome)
                .setStatus(status)
                .setCreatedAt(at)
                .build();
    }
}
