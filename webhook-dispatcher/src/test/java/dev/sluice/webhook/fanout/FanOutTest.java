package dev.sluice.webhook.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.record.WebhookEndpoint;
import dev.sluice.record.WebhookPayloadFormat;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an event becomes, down to the bytes of the body. */
class FanOutTest {
    static {
        TrustedRecords.load();
    }

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:05Z");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void makesOneDeliveryForEachEndpoint() {
        DomainEvent event = Events.builder("acme", "evt-1", "order.created")
                .setSubject("order-7")
                .setTraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .build();

        List<WebhookDelivery> deliveries = FanOut.deliveries(event, List.of(endpoint("ep_1"), endpoint("ep_2")), NOW);

        assertThat(deliveries).extracting(WebhookDelivery::getEndpointId).containsExactly("ep_1", "ep_2");
        assertThat(deliveries).extracting(WebhookDelivery::getId).doesNotHaveDuplicates();
        assertThat(deliveries).allSatisfy(delivery -> {
            assertThat(delivery.getTenant()).isEqualTo("acme");
            assertThat(delivery.getEventId()).isEqualTo("evt-1");
            assertThat(delivery.getEventType()).isEqualTo("order.created");
            assertThat(delivery.getSubject()).isEqualTo("order-7");
            assertThat(delivery.getTraceParent()).startsWith("00-4bf9");
            assertThat(delivery.getAttempt()).isZero();
            assertThat(delivery.getDueAt()).isEqualTo(NOW);
            assertThat(delivery.getCreatedAt()).isEqualTo(NOW);
            assertThat(delivery.getExpiresAt()).isNull();
            assertThat(delivery.getTrigger()).isEqualTo(DeliveryTrigger.EVENT);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:01:00Z, 2026-01-01T00:01:00Z",
        "2026-01-01t01:01:00.5+01:00, 2026-01-01T00:01:00.500Z",
        "2020-01-01T00:00:00Z, 2020-01-01T00:00:00Z"
    })
    void anEventMaySayWhenItIsOfNoUseAnyMore(String said, Instant expiresAt) {
        DomainEvent event = Events.builder("acme", "evt-1", "a")
                .setExtensions(Map.of("expirytime", said))
                .build();

        assertThat(FanOut.deliveries(event, List.of(endpoint("ep_1")), NOW))
                .singleElement()
                .satisfies(delivery -> {
                    assertThat(delivery.getExpiresAt()).isEqualTo(expiresAt);
                    assertThat(FanOut.again(delivery, DeliveryTrigger.RESEND, NOW)
                                    .getExpiresAt())
                            .isNull();
                });
        assertThat(FanOut.replayed(event, endpoint("ep_1"), NOW).getExpiresAt())
                .as("its owner wants it, late as it is")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "2026-01-01", "2026-13-01T00:00:00Z", "999999999999", "2026-01-01T00:00:00"})
    void whatIsNoTimeSaysNothing(String said) {
        DomainEvent event = Events.builder("acme", "evt-1", "a")
                .setExtensions(Map.of("expirytime", said))
                .build();

        assertThat(FanOut.deliveries(event, List.of(endpoint("ep_1")), NOW))
                .extracting(WebhookDelivery::getExpiresAt)
                .containsOnlyNulls();
    }

    @Test
    void makesNothingForNobody() {
        assertThat(FanOut.deliveries(Events.of("acme", "evt-1", "a", "{}"), List.of(), NOW))
                .isEmpty();
    }

    @Test
    void makesTheSameDeliveryOfTheSameEvent() {
        DomainEvent event = Events.of("acme", "evt-1", "a", "{\"n\":1}");

        assertThat(FanOut.deliveries(event, List.of(endpoint("ep_1")), NOW))
                .isEqualTo(FanOut.deliveries(event, List.of(endpoint("ep_1")), NOW));
    }

    @Test
    void aBodyHoldsTypeTimeAndTheDataByteForByte() {
        String data = "{ \"b\":1.10, \"a\":[1e400,\"\\u00e9\u00e9\"] }";

        assertThat(body(Events.of("acme", "evt-1", "order.created", data)))
                .isEqualTo("{\"type\":\"order.created\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":" + data + "}");
    }

    @Test
    void aBodyIsOneJsonDocumentWhateverTheType() {
        JsonNode body = JSON.readTree(body(Events.of("acme", "evt-1", "a\",\"data\":1,\"x\":\"\u0000\\", "{}")));

        assertThat(body.propertyNames()).containsExactly("type", "timestamp", "data");
        assertThat(body.path("type").asString()).startsWith("a\",");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "Application/JSON; charset=utf-8",
                "text/json",
                "application/vnd.acme.order+json",
                "application/cloudevents+json ; x=y"
            })
    void jsonOfAnyNameGoesAsItIs(String mediaType) {
        assertThat(body(event(mediaType, "[1,2]"))).endsWith(",\"data\":[1,2]}");
    }

    @Test
    void dataWithoutAMediaTypeIsJson() {
        assertThat(body(event(null, "[1,2]"))).endsWith(",\"data\":[1,2]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "application/jsonp", "application/json-seq", ""})
    void otherDataGoAsBase64(String mediaType) {
        assertThat(body(event(mediaType, "{\"a\":1}"))).endsWith(",\"data_base64\":\"eyJhIjoxfQ==\"}");
    }

    @Test
    void noDataAreNull() {
        assertThat(body(Events.builder("acme", "evt-1", "a").build())).endsWith(",\"data\":null}");
        assertThat(body(event("application/json", ""))).endsWith(",\"data\":null}");
    }

    @Test
    void readingTheDataLeavesTheEventAsItWas() {
        DomainEvent event = Events.of("acme", "evt-1", "a", "{\"n\":1}");

        assertThat(body(event)).isEqualTo(body(event));
    }

    @Test
    void aRawBodyIsTheDataAloneWithItsMediaType() {
        DeliveryBody photo = DeliveryBody.of(event("image/png", "\u0089PNG"), WebhookPayloadFormat.RAW);
        DeliveryBody json = DeliveryBody.of(event(null, "{ \"b\":1.10 }"), WebhookPayloadFormat.RAW);
        DeliveryBody none = DeliveryBody.of(Events.builder("acme", "evt-1", "a").build(), WebhookPayloadFormat.RAW);

        assertThat(text(photo)).isEqualTo("\u0089PNG");
        assertThat(photo.contentType()).isEqualTo("image/png");
        assertThat(text(json)).isEqualTo("{ \"b\":1.10 }");
        assertThat(json.contentType()).isEqualTo("application/json");
        assertThat(text(none)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "text/plain\r\nX-Evil: 1", "text/pl\u00e4in", "a\u0000b"})
    void aMediaTypeThatIsNoHeaderIsNotSent(String mediaType) {
        assertThat(DeliveryBody.of(event(mediaType, "x"), WebhookPayloadFormat.RAW)
                        .contentType())
                .isEqualTo("application/octet-stream");
    }

    @Test
    void eachEndpointGetsTheBodyThatItsOwnerChose() {
        WebhookEndpoint raw = WebhookEndpoint.newBuilder(endpoint("ep_2"))
                .setPayloadFormat(WebhookPayloadFormat.RAW)
                .build();
        List<WebhookDelivery> deliveries =
                FanOut.deliveries(Events.of("acme", "evt-1", "a", "[1]"), List.of(endpoint("ep_1"), raw, raw), NOW);

        assertThat(deliveries)
                .extracting(delivery -> StandardCharsets.UTF_8
                        .decode(delivery.getBody().duplicate())
                        .toString())
                .containsExactly("{\"type\":\"a\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":[1]}", "[1]", "[1]");
    }

    private static String text(DeliveryBody body) {
        return StandardCharsets.UTF_8.decode(body.content().duplicate()).toString();
    }

    private static String body(DomainEvent event) {
        return text(DeliveryBody.of(event, WebhookPayloadFormat.STANDARD));
    }

    private static DomainEvent event(@Nullable String mediaType, String data) {
        return Events.builder("acme", "evt-1", "a")
                .setDataContentType(mediaType)
                .setData(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static WebhookEndpoint endpoint(String id) {
        return WebhookEndpoint.newBuilder()
                .setId(id)
                .setTenant("acme")
                .setUrl("https://example.com/")
                .setEventTypes(List.of())
                .setSecrets(List.of())
                .setCreatedAt(NOW)
                .setUpdatedAt(NOW)
                .build();
    }
}
