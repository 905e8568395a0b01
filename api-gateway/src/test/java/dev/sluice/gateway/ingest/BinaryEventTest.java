package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.NOW;
import static dev.sluice.gateway.ingest.EventReading.dataOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class BinaryEventTest {

    private static final String PDF = "%PDF \u0000\u00ff";

    @Test
    void readsEveryAttributeFromItsHeader() {
        HttpHeaders headers = valid();
        headers.add("CE-ID", "a-1");
        headers.add("ce-source", "urn:shop:7");
        headers.add("ce-subject", "Z%C3%BCrich%207");
        headers.add("ce-time", "2026-01-31T11:00:00.25Z");
        headers.add("ce-dataschema", "https://acme.example/s#1");
        headers.add("Ce-PartitionKey", "k");
        headers.add("Content-Type", "application/vnd.acme+json; v=1");
        CloudEvent event = read(headers, " {\"a\" : 1.0} ");
        assertThat(event.id()).isEqualTo("a-1");
        assertThat(event.source()).isEqualTo("urn:shop:7");
        assertThat(event.type()).isEqualTo("order.created");
        assertThat(event.subject()).isEqualTo("Zürich 7");
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-31T11:00:00.25Z"));
        assertThat(event.dataSchema()).isEqualTo("https://acme.example/s#1");
        assertThat(event.dataContentType()).isEqualTo("application/vnd.acme+json; v=1");
        assertThat(event.extensions()).isEqualTo(Map.of("partitionkey", "k"));
        assertThat(dataOf(event)).isEqualTo(" {\"a\" : 1.0} ");
    }

    @Test
    void readsTheSameEventAsStructuredModeDoes() {
        HttpHeaders headers = valid();
        headers.add("ce-id", "a-1");
        headers.add("ce-region", "eu");
        headers.add("Content-Type", "application/json");
        assertThat(read(headers, "{ \"a\":1.0 }"))
                .isEqualTo(EventReading.read(
                        EventReading.with("\"id\":\"a-1\",\"region\":\"eu\",\"data\":{ \"a\":1.0 }")));
    }

    @Test
    void fillsInWhatAProducerLeftOut() {
        CloudEvent event = read(valid(), "");
        assertThat(event.id()).isEqualTo("fresh-id");
        assertThat(event.source()).isEqualTo("/tenants/acme");
        assertThat(event.time()).isEqualTo(NOW);
        assertThat(event.data()).isNull();
        assertThat(event.dataContentType()).isNull();
    }

    @Test
    void takesBytesOfAnyTypeAsTheyAre() {
        HttpHeaders headers = valid();
        headers.add("Content-Type", "application/pdf");
        CloudEvent event = read(headers, PDF.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(event.dataContentType()).isEqualTo("application/pdf");
        assertThat(event.data()).isNotNull();
        assertThat(StandardCharsets.ISO_8859_1.decode(event.data()).toString()).isEqualTo(PDF);
        assertThat(read(valid(), PDF.getBytes(StandardCharsets.ISO_8859_1)).dataContentType())
                .isEqualTo("application/octet-stream");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ce-type|Order Created|invalid_field|ce-type",
                "ce-type|a%zz|invalid_field|ce-type",
                "ce-id|a.b|invalid_field|ce-id",
                "ce-id|''|invalid_field|ce-id",
                "ce-source|%20|invalid_field|ce-source",
                "ce-subject|%00|invalid_field|ce-subject",
                "ce-time|yesterday|invalid_field|ce-time",
                "ce-expirytime|PT1H|invalid_field|ce-expirytime",
                "ce-specversion|0.3|invalid_field|ce-specversion",
                "ce-region|%C0%A0|invalid_field|ce-region",
                "ce-datacontenttype|application/json|unknown_field|ce-datacontenttype",
                "ce-data|1|unknown_field|ce-data",
                "ce-trace-id|1|unknown_field|ce-trace-id",
                "ce-|1|unknown_field|ce-",
                "ce-abcdefghijklmnopqrstu|1|unknown_field|ce-abcdefghijklmnopqrstu",
                "Content-Type|nonsense|invalid_field|Content-Type"
            })
    void refusesAHeaderThatIsNoAttribute(String header, String value, String code, String field) {
        HttpHeaders headers = valid();
        headers.set(header, value);
        ProblemException problem = refused(headers, "x");
        assertThat(problem.errors()).extracting(FieldError::code).containsExactly(code);
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce-type", "ce-id", "ce-region"})
    void refusesAnAttributeThatStandsTwice(String header) {
        HttpHeaders headers = valid();
        headers.remove(header);
        headers.add(header, "a");
        headers.add(header, "a");
        ProblemException problem = refused(headers, "");
        assertThat(problem.type()).isEqualTo(ProblemType.DUPLICATE_FIELD);
        assertThat(problem.field()).isEqualTo(header);
    }

    @Test
    void namesAllHeadersThatAreMissing() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("ce-id", "1");
        assertThat(refused(headers, "").errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder("ce-specversion", "ce-type");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"a\":2}|duplicate_field",
                "{|invalid_json",
                "{\"a\":1e400}|number_out_of_range",
                "\"\u00c0\u00af\"|invalid_json"
            })
    void refusesDataThatSaysItIsJsonAndIsNot(String data, String code) {
        HttpHeaders headers = valid();
        headers.add("Content-Type", "text/json");
        ProblemException problem = catchThrowableOfType(
                ProblemException.class, () -> read(headers, data.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(problem.type().code()).isEqualTo(code);
        assertThat(problem.field()).isEqualTo("body");
    }

    private static ProblemException refused(HttpHeaders headers, String body) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> read(headers, body));
        assertThat(problem).isNotNull();
        assertThat(problem.type().status()).isEqualTo(400);
        return problem;
    }

    private static CloudEvent read(HttpHeaders headers, String body) {
        return read(headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private static CloudEvent read(HttpHeaders headers, byte[] body) {
        return EventReading.readBinary(headers, body);
    }

    private static HttpHeaders valid() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("ce-specversion", "1.0");
        headers.add("ce-type", "order.created");
        return headers;
    }
}
