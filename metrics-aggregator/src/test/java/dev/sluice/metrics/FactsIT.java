package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.record.AttemptOutcome;
import dev.sluice.record.DeliveryAttempt;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
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
        topics.ready().join();
        try (Producer<String, V> producer =
                kafka.newProducer("test-facts", RecordSerde.of(topic).serializer())) {
            for (int i = 0; i < records.size(); i++) {
                // Parts of one count in all partitions, which attempts never are; it is right all the same.
                var _ = producer.send(new ProducerRecord<>(topic.name(), tenant + "|" + i, records.get(i)));
            }
        }
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
