package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which deliveries yield to others. */
class LaneKindsTest {
    static {
        TrustedRecords.load();
    }

    private static final LaneLimits LIMITS = new LaneLimits(1, 1, 9);

    private final FakeClock clock = FakeClock.fixed();
    private final SimulatedTime time = new SimulatedTime();
    private final EndpointGates gates = new EndpointGates(
            id -> new Allowance(true, id.equals("ordered"), 1_000, Optional.empty()),
            new BreakerLimits(3, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30)),
            time,
            time);
    private final LaneKinds lanes = new LaneKinds(
            LIMITS, LIMITS, gates, new Restraint(time, time), clock, job -> new CompletableFuture<Void>());

    private final Instant justNow = clock.instant().minus(LaneKinds.OLD);
    private final Instant longAgo = justNow.minusMillis(1);

    @Test
    void whatWasReadAgainAndWaitedForLongYields() {
        assertThat(lanes.of(again("a", longAgo, 0))).isSameAs(lanes.old());
        assertThat(lanes.of(again("a", longAgo, 1))).isSameAs(lanes.old());
        assertThat(lanes.of(again("a", justNow, 0))).isSameAs(lanes.first());
        assertThat(lanes.of(again("a", justNow, 1))).isSameAs(lanes.later());
    }

    @Test
    void whatKeepsUpYieldsToNobody() {
        assertThat(lanes.of(Job.read(delivery("a", longAgo, 0), 0, 1))).isSameAs(lanes.first());
        assertThat(lanes.of(Job.read(delivery("a", longAgo, 3), 0, 1))).isSameAs(lanes.later());
    }

    @Test
    void whatIsInOrderGoesOneWay() {
        assertThat(lanes.of(again("ordered", longAgo, 0))).isSameAs(lanes.first());
        assertThat(lanes.of(again("ordered", longAgo, 2))).isSameAs(lanes.first());
    }

    @Test
    void whatIsReadAgainDoesNotOvertakeWhatWaits() {
        assertThat(lanes.old().offer(again("a", longAgo, 0))).isTrue();
        assertThat(lanes.of(again("a", justNow, 0))).isSameAs(lanes.old());
        assertThat(lanes.of(again("b", justNow, 0))).isSameAs(lanes.first());
        lanes.old().startWhatMay();
        assertThat(lanes.of(again("a", justNow, 0))).as("nothing waits").isSameAs(lanes.first());

        assertThat(lanes.first().offer(again("c", justNow, 0))).isTrue();
        assertThat(lanes.of(again("c", longAgo, 0))).isSameAs(lanes.first());
    }

    private static Job again(String endpoint, Instant made, int attempts) {
        return Job.readAgain(delivery(endpoint, made, attempts), 0, 7);
    }

    private static WebhookDelivery delivery(String endpoint, Instant made, int attempts) {
        return WebhookDelivery.newBuilder()
                .setId("msg_1")
                .setTenant("acme")
                .setEndpointId(endpoint)
                .setEventId("evt-1")
                .setEventType("a")
                .setEventTime(made)
                .setContentType("application/json")
                .setBody(ByteBuffer.allocate(0))
                .setAttempt(attempts)
                .setDueAt(made)
                .setCreatedAt(made)
                .setTrigger(DeliveryTrigger.EVENT)
                .build();
    }
}
