package dev.sluice.webhook.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.kafka.test.FakeLogTable;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.web.StrictJson;
import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeadDelivery;
import dev.sluice.record.DeadReason;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.TrustedRecords;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What owners are told, and how often. */
class OperationalEventsTest {

    static {
        TrustedRecords.load();
    }

    private static final String EXHAUSTED = "webhook.delivery.exhausted";

    private final FakeClock clock = FakeClock.fixed();
    private final List<DomainEvent> told = new ArrayList<>();
    private final OperationalEventPublisher events = new OperationalEventPublisher(
            (key, event) -> {
                told.add(event);
                return CompletableFuture.completedFuture(null);
            },
            new StrictJson(),
            clock,
            new SimpleMeterRegistry());
    private WebhookEndpoint endpoint = endpoint(WebhookEndpointStatus.ACTIVE);
    private final FakeLogTable<WebhookEndpointState> states = new FakeLogTable<>();
    private final HealthTable table = new HealthTable(states);
    private boolean removed;
    private final HealthListener listener = new HealthListener(
            id -> removed ? Optional.empty() : Optional.of(endpoint),
            id -> {
                endpoint = endpoint(WebhookEndpointStatus.DISABLED);
                return CompletableFuture.completedFuture(null);
            },
            table,
            events,
            new HealthProperties(Duration.ofHours(10), 5),
            clock);
    private final ExhaustedListener exhausted = new ExhaustedListener(id -> Optional.of(endpoint), events);

    @Test
    void anEndpointThatFailsForLongIsDisabledAndThatIsToldOnceAndSoIsItsRecovery() {
        for (int hour = 0; hour <= 20; hour++) {
            hear(hour, AttemptOutcome.RETRY);
        }
        assertThat(endpoint.getStatus()).isEqualTo(WebhookEndpointStatus.DISABLED);
        assertThat(told).extracting(DomainEvent::getType).containsExactly("webhook.endpoint.disabled");
        assertThat(data(told.getFirst())).contains("\"reason\":\"failing\"", "\"webhookId\":\"ep_1\"");
        assertThat(told.getFirst().getTenant()).isEqualTo("acme");

        endpoint = endpoint(WebhookEndpointStatus.ACTIVE);
        for (int hour = 21; hour < 25; hour++) {
            hear(hour, AttemptOutcome.DELIVERED);
        }
        assertThat(told)
                .extracting(DomainEvent::getType)
                .containsExactly("webhook.endpoint.disabled", "webhook.endpoint.recovered");
    }

    @Test
    void whatIsHeardAgainAfterACrashIsToldUnderTheSameId() {
        for (int hour = 0; hour <= 10; hour++) {
            hear(hour, AttemptOutcome.RETRY);
        }
        // The process died before the health was written.
        var _ = table.put("acme", "ep_1", new Health(10, at(0), null), clock.instant());
        endpoint = endpoint(WebhookEndpointStatus.ACTIVE);
        hear(10, AttemptOutcome.RETRY);

        assertThat(told)
                .hasSize(2)
                .extracting(DomainEvent::getId)
                .containsOnly(told.getFirst().getId());
    }

    /** Elsewhere the endpoint did well meanwhile; what was counted here before must not be held against it. */
    @Test
    void whatAnotherDispatcherHeardMeanwhileCounts() {
        for (int hour = 0; hour < 4; hour++) {
            hear(hour, AttemptOutcome.RETRY);
        }
        var _ = table.remove("ep_1");
        listener.assigned(List.of(), partition -> 0);
        hear(30, AttemptOutcome.RETRY);

        assertThat(endpoint.getStatus()).isEqualTo(WebhookEndpointStatus.ACTIVE);
        assertThat(table.find("ep_1")).isEqualTo(new Health(1, at(30), null));
    }

    @Test
    void nothingIsKeptOfAnEndpointThatIsNoMore() {
        for (int hour = 0; hour < 3; hour++) {
            hear(hour, AttemptOutcome.RETRY);
        }
        assertThat(listener.size()).isEqualTo(1);
        listener.changed("ep_1");
        assertThat(states.entries()).as("it is still there").hasSize(1);

        removed = true;
        listener.changed("ep_1");
        assertThat(listener.size()).isZero();
        assertThat(states.entries()).isEmpty();
    }

    /** An endpoint that is not known yet may have failed just now. */
    @Test
    void whatNobodySawRemovedIsForgottenAtTheNextStart() {
        hear(0, AttemptOutcome.RETRY);
        removed = true;
        listener.sweep();
        assertThat(states.entries()).hasSize(1);

        clock.set(at(1).plusMillis(1));
        listener.sweep();
        assertThat(states.entries()).isEmpty();
    }

    @Test
    void aDeliveryWithoutMoreAttemptsIsTold() {
        var _ = exhausted.told(dead("order.created", DeadReason.EXHAUSTED));

        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo(EXHAUSTED);
            assertThat(data(event))
                    .contains(
                            "\"deliveryId\":\"msg_1\"", "\"eventType\":\"order.created\"", "\"reason\":\"exhausted\"");
        });
    }

    @Test
    void aDeliveryThatWaitedInVainIsTold() {
        var _ = exhausted.told(dead("order.created", DeadReason.EXPIRED));

        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo(EXHAUSTED);
            assertThat(data(event)).contains("\"reason\":\"expired\"");
        });
    }

    @Test
    void whatBecomesOfWhatIsToldIsNotTold() {
        for (String type : List.of(EXHAUSTED, "webhook.endpoint.disabled", "webhook.endpoint.recovered")) {
            var _ = exhausted.told(dead(type, DeadReason.EXHAUSTED));
            var _ = exhausted.told(dead(type, DeadReason.EXPIRED));
        }
        for (DeadReason reason : DeadReason.values()) {
            if (reason != DeadReason.EXHAUSTED && reason != DeadReason.EXPIRED) {
                var _ = exhausted.told(dead("order.created", reason));
            }
        }
        assertThat(told).isEmpty();
    }

    private void hear(int hour, AttemptOutcome outcome) {
        clock.set(at(hour));
        assertThat(listener.heard(attempt(hour, outcome)).toCompletableFuture()).isCompleted();
    }

    private static Instant at(int hour) {
        return Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(hour));
    }

    private static String data(DomainEvent event) {
        @Nullable ByteBuffer data = event.getData();
        return data == null
                ? ""
                : StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }

    private static DeliveryAttempt attempt(int hour, AttemptOutcome outcome) {
        return DeliveryAttempt.newBuilder()
                .setDeliveryId("msg_" + hour)
                .setTenant("acme")
                .setEndpointId("ep_1")
                .setEventId("evt-1")
                .setEventType("a")
                .setAttempt(1)
                .setAt(at(hour))
                .setDurationNanos(0)
                .setOutcome(outcome)
                .build();
    }

    private static DeadDelivery dead(String eventType, DeadReason reason) {
        WebhookDelivery delivery = WebhookDelivery.newBuilder()
                .setId("msg_1")
                .setTenant("acme")
                .setEndpointId("ep_1")
                .setEventId("evt-1")
                .setEventType(eventType)
                .setEventTime(at(0))
                .setContentType("application/json")
                .setBody(ByteBuffer.allocate(0))
                .setAttempt(4)
                .setDueAt(at(0))
                .setCreatedAt(at(0))
                .build();
        return DeadDelivery.newBuilder()
                .setDelivery(delivery)
                .setReason(reason)
                .setAt(at(1))
                .build();
    }

    private static WebhookEndpoint endpoint(WebhookEndpointStatus status) {
        return WebhookEndpoint.newBuilder()
                .setId("ep_1")
                .setTenant("acme")
                .setUrl("https://example.com/")
                .setStatus(status)
                .setEventTypes(List.of())
                .setSecrets(List.of())
                .setCreatedAt(at(0))
                .setUpdatedAt(at(0))
                .build();
    }
}
