package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.NOW;
import static dev.sluice.gateway.ingest.EventReading.dataOf;
import static dev.sluice.gateway.ingest.EventReading.read;
import static dev.sluice.gateway.ingest.EventReading.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredEventTest {

    @Test
    void fillsInWhatAProducerLeftOut() {
        CloudEvent event = read("{\"specversion\":\"1.0\",\"type\":\"order.created\"}");
        assertThat(event.id()).isEqualTo("fresh-id");
        assertThat(event.source()).isEqualTo("/tenants/acme");
        assertThat(event.type()).isEqualTo("order.created");
        assertThat(event.time()).isEqualTo(NOW);
        assertThat(event.subject()).isNull();
        assertThat(event.data()).isNull();
        assertThat(event.dataContentType()).isNull();
        assertThat(event.dataSchema()).isNull();
        assertThat(event.extensions()).isEmpty();
    }

    @Test
    void keepsEveryAttribute() {
        CloudEvent event = read(with(
                "\"id\":\"a-1\",\"source\":\"urn:shop:7\",\"subject\":\"order/7\",\"time\":\"2026-01-31T11:00:00.25Z\","
                        + "\"datacontenttype\":\"application/vnd.acme+json\",\"dataschema\":\"https://acme.example/s#1\","
                        + "\"data\":[],\"partitionkey\":\"k\",\"sampled\":true,\"priority\":-3"));
        assertThat(event.id()).isEqualTo("a-1");
        assertThat(event.source()).isEqualTo("urn:shop:7");
        assertThat(event.subject()).isEqualTo("order/7");
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-31T11:00:00.25Z"));
        assertThat(event.dataContentType()).isEqualTo("application/vnd.acme+json");
        assertThat(event.dataSchema()).isEqualTo("https://acme.example/s#1");
        assertThat(event.extensions()).isEqualTo(Map.of("partitionkey", "k", "sampled", "true", "priority", "-3"));
    }

    @Test
    void takesNullForAnAttributeThatIsNotSet() {
        CloudEvent event = read(with("\"id\":null,\"subject\":null,\"time\":null,\"extra\":null,\"data\":null"));
        assertThat(event.id()).isEqualTo("fresh-id");
        assertThat(event.subject()).isNull();
        assertThat(event.extensions()).isEmpty();
        assertThat(event.data()).isNull();
    }

    @Test
    void takesTimesUpToADayAway() {
        assertThat(read(with("\"time\":\"2026-01-30T12:00:00Z\"")).time()).isEqualTo(NOW.minus(Duration.ofDays(1)));
        assertThat(read(with("\"time\":\"2026-02-01T12:00:00Z\"")).time()).isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"a\" : 1.0 ,\n\t\"b\":[ ] }",
                "1.10",
                "-0.0",
                "1E+2",
                "12345678901234567890123",
                "true",
                "false",
                "\"\"",
                "\"\\u00e4\\/ä\\ud83d\\ude00\"",
                "{\"data\":{\"data\":1},\"specversion\":2}",
                "{\"__proto__\":{},\"@class\":\"java.lang.Runtime\",\"$ref\":\"#\"}",
                "\"nul \\u0000 is allowed in data\"",
                "\"${jndi:ldap://evil} \\u001b[31m \\r\\n \u202e\""
            })
    void keepsDataByteForByte(String data) {
        assertThat(dataOf(read(with("\"data\":" + data + " ,\"id\":\"x\"")))).isEqualTo(data);
        assertThat(dataOf(read("{\"data\" :\n " + data + ", \"specversion\":\"1.0\",\"type\":\"a\"}")))
                .isEqualTo(data);
        assertThat(dataOf(read(with("\"\\u0064ata\":" + data)))).isEqualTo(data);
    }

    @Test
    void takesADocumentOfTheGreatestDepth() {
        String data = "[".repeat(63) + "]".repeat(63);
        assertThat(dataOf(read(with("\"data\":" + data)))).isEqualTo(data);
    }

    @Test
    void takesDataOfAnotherTypeAsText() {
        CloudEvent event = read(with("\"datacontenttype\":\"text/plain\",\"data\":\"\\u00e4 b\""));
        assertThat(dataOf(event)).isEqualTo("ä b");
        assertThat(event.dataContentType()).isEqualTo("text/plain");
    }

    @ParameterizedTest
    @CsvSource({"'', application/octet-stream", "',\"datacontenttype\":\"image/png\"', image/png"})
    void takesBytesInBase64(String more, String type) {
        CloudEvent event = read(with("\"data_base64\":\"aGkh\"" + more));
        assertThat(dataOf(event)).isEqualTo("hi!");
        assertThat(event.dataContentType()).isEqualTo(type);
    }

    @Test
    void takesJsonInBase64() {
        CloudEvent event = read(with("\"data_base64\":\"eyB9\",\"datacontenttype\":\"application/json\""));
        assertThat(dataOf(event)).isEqualTo("{ }");
    }

    @Test
    void takesTheGreatestAttributes() {
        CloudEvent event = read(with("\"id\":\"" + "i".repeat(64) + "\",\"subject\":\"" + "😀".repeat(64)
                + "\",\"source\":\"/" + "s".repeat(255) + "\",\"extra\":\"" + "x".repeat(1_024) + "\","
                + RefusedEventTest.extensions(31)));
        assertThat(event.extensions()).hasSize(32);
        assertThat(event.subject()).hasSize(128);
    }
}
