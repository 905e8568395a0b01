package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DomainEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CloudEventJsonTest {

    @Test
    void writesTheAttributesAndTheDataAsTheyCame() {
        DomainEvent event = TestEvents.event("acme", "1", "order.created", "c-1", "{\"total\": 12.30}");
        event.setExtensions(Map.of("region", "eu"));
        event.setDataSchema("https://example.com/order");
        assertThat(json(event))
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/test\",\"type\":\"order.created\","
                                + "\"subject\":\"c-1\",\"time\":\"2026-01-31T12:00:00Z\",\"datacontenttype\":\"application/json\","
                                + "\"dataschema\":\"https://example.com/order\",\"region\":\"eu\",\"data\":{\"total\": 12.30}}");
    }

    @Test
    void tellsNothingOfHowTheEventCameIn() {
        DomainEvent event = TestEvents.event("acme", "1", "a", null, "1");
        event.setKeyId("key-1");
        event.setIdempotencyKey("again");
        assertThat(json(event)).doesNotContain("acme", "key-1", "again", "subject");
    }

    @Test
    void keepsJsonOnOneLine() {
        DomainEvent event = TestEvents.event("acme", "1", "a", null, "{\r\n  \"a\":\n1}");
        assertThat(json(event)).endsWith("\"data\":{    \"a\": 1}}").doesNotContain("\n", "\r");
    }

    @Test
    void writesWhatIsNoJsonAsBase64() {
        DomainEvent event = TestEvents.event("acme", "1", "a", null, "one\ntwo");
        event.setDataContentType("text/plain");
        assertThat(json(event)).endsWith("\"datacontenttype\":\"text/plain\",\"data_base64\":\"b25lCnR3bw==\"}");
    }

    @Test
    void leavesOutDataThatAreNot() {
        DomainEvent event = TestEvents.event("acme", "1", "a", null, "1");
        event.setData(null);
        event.setDataContentType(null);
        assertThat(json(event)).endsWith("\"time\":\"2026-01-31T12:00:00Z\"}");
        event.setData(ByteBuffer.allocate(0));
        event.setDataContentType("application/json");
        assertThat(json(event)).endsWith("\"datacontenttype\":\"application/json\"}");
    }

    @Test
    void escapesWhatJsonEscapes() {
        DomainEvent event = TestEvents.event("acme", "1", "a", "\"quoted\"\\", "1");
        assertThat(json(event)).contains("\"subject\":\"\\\"quoted\\\"\\\\\"");
    }

    private static String json(DomainEvent event) {
        return new String(CloudEventJson.of(event), StandardCharsets.UTF_8);
    }
}
