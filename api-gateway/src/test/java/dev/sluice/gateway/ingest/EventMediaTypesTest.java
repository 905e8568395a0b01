package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class EventMediaTypesTest {

    @ParameterizedTest
    @ValueSource(strings = {"application/cloudevents+json", "application/cloudevents+json; charset=\"utf-8\""})
    void takesOneEventInStructuredJson(String type) {
        assertThat(EventMediaTypes.modeOf(contentType(type))).isEqualTo(ContentMode.STRUCTURED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "APPLICATION/JSON; Charset=UTF-8"})
    void takesOneEventOrManyInPlainJson(String type) {
        assertThat(EventMediaTypes.modeOf(contentType(type))).isEqualTo(ContentMode.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";;;",
                "json",
                "text/json",
                "application/xml",
                "text/plain",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/json; charset=evil",
                "application/json; boundary=x",
                "application/cloudevents-batch+json; charset=utf-16",
                "application/cloudevents-batch",
                "application/cloudevents+xml",
                "application/cloudevents"
            })
    void refusesEveryOtherForm(String type) {
        assertRefused(contentType(type));
    }

    @Test
    void refusesNoAndTwoContentTypes() {
        assertRefused(new HttpHeaders());
        HttpHeaders two = contentType("application/json");
        two.add(HttpHeaders.CONTENT_TYPE, "application/json");
        assertRefused(two);
    }

    @Test
    void takesABatch() {
        assertThat(EventMediaTypes.modeOf(contentType("Application/CloudEvents-Batch+JSON; charset=utf-8")))
                .isEqualTo(ContentMode.BATCH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/plain", "application/pdf", "multipart/form-data; boundary=x", "?"})
    void takesAttributesInHeadersForBinaryMode(String type) {
        HttpHeaders headers = contentType(type);
        headers.add("CE-Id", "1");
        assertThat(EventMediaTypes.modeOf(headers)).isEqualTo(ContentMode.BINARY);
        headers.remove(HttpHeaders.CONTENT_TYPE);
        assertThat(EventMediaTypes.modeOf(headers)).isEqualTo(ContentMode.BINARY);
    }

    @Test
    void takesAStructuredEventForOneThoughItRepeatsItsAttributesInHeaders() {
        HttpHeaders headers = contentType("application/cloudevents+json");
        headers.add("ce-id", "1");
        assertThat(EventMediaTypes.modeOf(headers)).isEqualTo(ContentMode.STRUCTURED);
    }

    private static ProblemException assertRefused(HttpHeaders headers) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> EventMediaTypes.modeOf(headers));
        assertThat(problem).isNotNull();
        assertThat(problem.type()).isEqualTo(ProblemType.UNSUPPORTED_MEDIA_TYPE);
        assertThat(problem.field()).isEqualTo("Content-Type");
        assertThat(problem.headers()).containsKey("Accept-Post");
        return problem;
    }

    private static HttpHeaders contentType(String type) {
        HttpHeaders headers = new HttpHeaders();
        headers.add(HttpHeaders.CONTENT_TYPE, type);
        return headers;
    }
}
