package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.ErrorReport;
import dev.sluice.record.LaggardPosition;
import dev.sluice.record.WebhookBreaker;
import dev.sluice.record.WebhookEndpointState;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Attempts and events go onto the log, answers come out over HTTP. */
class FactsIT extends WholeAggregator {
    private static final String WEBHOOKS = "/api/v1/monitoring/webhooks";
    private static final String EVENTS = "/api/v1/monitoring/events";

    private final String webhook = "we_" + UUID.randomUUID();

    @Test
    void tellsHowDeliveriesToEachWebhookWent() {
        String better = "we_" + UUID.randomUUID();
        publish(
                Topics.WEBHOOK_ATTEMPTS,
                List.of(
                        attempt(tenant, webhook, AttemptOutcome.RETRY, 500),
                        attempt(tenant, webhook, AttemptOutcome.DEAD, 410),
                        attempt(tenant, webhook, AttemptOutcome.DELIVERED, 200),
                        attempt(tenant, better, AttemptOutcome.DELIVERED, 200)));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(WEBHOOKS).path("attempts").asLong() == 4);

        JsonNode all = get(WEBHOOKS + "?window=PT5M");
        assertThat(all.path("delivered").asLong()).isEqualTo(2);
        assertThat(all.path("success_rate").asDouble()).isEqualTo(0.5);
        assertThat(all.path("webhooks").findValuesAsString("webhook"))
                .as("the most failures first")
                .containsExactly(webhook, better);
        JsonNode one = get(WEBHOOKS + "?webhook=" + webhook);
        assertThat(one.path("total").asInt()).isEqualTo(1);
        assertThat(one.path("dead").asLong()).isEqualTo(1);
        assertThat(one.path("failures").asLong()).isEqualTo(2);
        assertThat(one.path("p95_response_time_ms").asDouble()).isBetween(29.7, 30.3);
        assertThat(one.path("p50_delivery_time_ms").asDouble()).isBetween(1019.0, 1041.0);
        assertThat(one.path("last_failure_status").asInt()).isIn(410, 500);
    }

    @Test
    void tellsWhichWebhooksAreBehind() {
        Instant since = Instant.now().minusSeconds(90).truncatedTo(ChronoUnit.MICROS);
        String paused = "we_" + UUID.randomUUID();
        publish(Topics.WEBHOOK_ATTEMPTS, List.of(attempt(tenant, webhook, AttemptOutcome.DELIVERED, 200)));
        publish(
                Topics.WEBHOOK_ENDPOINT_STATE,
                WebhookEndpointState::getEndpointId,
                List.of(behind(tenant, paused, since), behind(tenant + "-other", "we_" + UUID.randomUUID(), since)));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(WEBHOOKS).path("attempts").asLong() == 1
                        && get(WEBHOOKS).path("webhooks_behind").asInt() == 1);

        JsonNode all = get(WEBHOOKS);
        assertThat(all.path("oldest_waiting_since").asString()).isEqualTo(since.toString());
        assertThat(all.path("total").asInt()).isEqualTo(2);
        JsonNode one = get(WEBHOOKS + "?webhook=" + paused).path("webhooks").get(0);
        assertThat(one.path("attempts").asLong(-1)).isZero();
        assertThat(one.at("/backlog/state").asString()).isEqualTo("waits");
        assertThat(one.at("/backlog/pending").asLong()).isEqualTo(1_234);
        assertThat(one.at("/backlog/lag_seconds").asDouble()).isGreaterThanOrEqualTo(90);
        assertThat(one.at("/backlog/breaker").asString()).isEqualTo("open");
        JsonNode other = get(WEBHOOKS + "?webhook=" + webhook);
        assertThat(other.path("webhooks_behind").asInt(-1)).isZero();
        assertThat(other.at("/webhooks/0/backlog/state").asString()).isEqualTo("none");
        assertThat(other.at("/webhooks/0/backlog/lag_seconds").isNull()).isTrue();
        assertThat(get(WEBHOOKS + "?tenant=*", admin()).path("webhooks_behind").asInt())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void handsErrorsOnToSentry() {
        publish(
                Topics.ERRORS,
                List.of(ErrorReport.newBuilder()
                        .setFingerprint("0123456789abcdef")
                        .setService("cache-service")
                        .setTenant(tenant)
                        .setType("java.io.IOException")
                        .setMessage("it broke")
                        .setAt(Instant.now())
                        .build()));
        await().atMost(PATIENCE)
                .until(() -> SENTRY.received().stream()
                        .anyMatch(envelope ->
                                envelope.event().at("/tags/tenant").asString().equals(tenant)));
    }

    @Test
    void anotherTenantsWebhookIsAnsweredForLikeOneThatIsNotThere() {
        publish(
                Topics.WEBHOOK_ATTEMPTS,
                List.of(
                        attempt(tenant + "-other", webhook, AttemptOutcome.DELIVERED, 200),
                        attempt(tenant, webhook + "-own", AttemptOutcome.DELIVERED, 200)));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(WEBHOOKS + "?tenant=" + tenant + "-other", admin())
                                        .path("attempts")
                                        .asLong()
                                == 1
                        && get(WEBHOOKS).path("attempts").asLong() == 1);

        JsonNode others = get(WEBHOOKS + "?webhook=" + webhook);
        JsonNode unknown = get(WEBHOOKS + "?webhook=we_unknown");
        assertThat(others.path("webhooks")).isEqualTo(unknown.path("webhooks")).isEmpty();
        assertThat(others.path("attempts").asLong(-1)).isZero();
        assertThat(others.path("p95_response_time_ms").isNull()).isTrue();
        assertThat(get(WEBHOOKS + "?tenant=*&webhook=" + webhook, admin())
                        .path("total")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void countsEventsOfEachTypeByDay() {
        publish(
                Topics.EVENTS,
                List.of(
                        event(tenant, "order.created", Duration.ZERO),
                        event(tenant, "order.created", Duration.ofMinutes(2)),
                        event(tenant, "order.paid", Duration.ZERO),
                        event(tenant + "-other", "order.created", Duration.ZERO)));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(EVENTS).path("total_events").asLong() == 3);

        JsonNode days = get(EVENTS);
        assertThat(days.path("types").findValuesAsString("type")).containsExactly("order.created", "order.paid");
        assertThat(days.path("types").get(0).path("count").asLong()).isEqualTo(2);
        assertThat(days.path("types").get(0).path("bytes").asLong()).isEqualTo(14);
        assertThat(days.path("types").get(0).path("series").size()).isEqualTo(61);
        for (String interval : List.of("PT1M", "PT1H", "P1D")) {
            assertThat(get(EVENTS + "?type=order.created&interval=" + interval)
                            .path("types")
                            .get(0)
                            .path("series")
                            .valueStream()
                            .mapToLong(point -> point.path("count").asLong())
                            .sum())
                    .as("by " + interval)
                    .isEqualTo(2);
        }
        assertThat(get(EVENTS + "?type=order.lost").path("types")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        WEBHOOKS + "?window=1h, window",
        WEBHOOKS + "?limit=0, limit",
        WEBHOOKS + "?webhook=a%00b, webhook",
        WEBHOOKS + "?id=a, query",
        EVENTS + "?interval=PT10S, interval",
        EVENTS + "?from=2020-01-01T00:00:00Z, from",
        EVENTS + "?limit=1001, limit",
        EVENTS + "?type=%07, type",
        EVENTS + "?type=*.created, type",
        EVENTS + "?type=Order, type",
        EVENTS + "?types=a, query",
    })
    void refusesBadParametersAndNamesThem(String path, String field) {
        assertThat(getProblem(path, 400).path("field").asString()).isEqualTo(field);
    }

    @Test
    void onlyAdministratorsAskForOthers() {
        assertThat(getProblem(WEBHOOKS + "?tenant=*", 403).path("field").asString())
                .isEqualTo("tenant");
        assertThat(getProblem(EVENTS + "?tenant=another", 403).path("field").asString())
                .isEqualTo("tenant");
    }

    private String admin() {
        return caller().token(Set.of("metrics:read", "admin"));
    }

    private <V extends SpecificRecord> void publish(TopicDescriptor<V> topic, List<V> records) {
        // Parts of one count in all partitions, which attempts never are; it is right all the same.
        publish(topic, record -> tenant + "|" + records.indexOf(record), records);
    }

    private <V extends SpecificRecord> void publish(
            TopicDescriptor<V> topic, Function<V, String> key, List<V> records) {
        topics.ready().join();
        try (Producer<String, V> producer =
                kafka.newProducer("test-facts", RecordSerde.of(topic).serializer())) {
            for (V record : records) {
                var _ = producer.send(new ProducerRecord<>(topic.name(), key.apply(record), record));
            }
        }
    }

    private static WebhookEndpointState behind(String tenant, String webhook, Instant since) {
        return WebhookEndpointState.newBuilder()
                .setEndpointId(webhook)
                .setTenant(tenant)
                .setConsecutiveFailures(12)
                .setLaggards(List.of(LaggardPosition.newBuilder()
                        .setPartition(0)
                        .setOffset(7)
                        .setWaitingSince(since)
                        .setPending(1_234L)
                        .setCountedUntil(1_300L)
                        .build()))
                .setBreaker(WebhookBreaker.OPEN)
                .setUpdatedAt(Instant.now())
                .build();
    }

    private static DeliveryAttempt attempt(String tenant, String webhook, AttemptOutcome outcome, int status) {
        Instant at = Instant.now();
        return DeliveryAttempt.newBuilder()
                .setDeliveryId("delivery")
                .setTenant(tenant)
                .setEndpointId(webhook)
                .setEventId("event")
                .setEventType("order.created")
                .setAttempt(1)
                .setAt(at)
                .setDurationNanos(30_000_000)
                .setOutcome(outcome)
                .setStatus(status)
                .setCreatedAt(at.minusSeconds(1))
                .build();
    }

    private static DomainEvent event(String tenant, String type, Duration ago) {
        return DomainEvent.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setSource("/test")
                .setType(type)
                .setTime(Instant.EPOCH)
                .setTenant(tenant)
                .setData(ByteBuffer.wrap("{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                .setReceivedAt(Instant.now().minus(ago))
                .build();
    }
}
