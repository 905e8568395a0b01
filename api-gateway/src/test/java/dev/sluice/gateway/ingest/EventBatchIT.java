package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.with;
import static dev.sluice.gateway.ingest.IngestClient.PATIENCE;
import static dev.sluice.gateway.ingest.IngestClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.web.ByteBudget;
import dev.sluice.record.DomainEvent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Batches over HTTP onto a real log. */
@IngestTest
@TestPropertySource(
        properties = {
            "sluice.gateway.ingest.max-event-size=2KB",
            "sluice.gateway.ingest.max-batch-size=64KB",
            "sluice.gateway.ingest.max-batch-events=100",
        })
class EventBatchIT {

    @Autowired
    private EventLog log;

    @Autowired
    private IngestClient client;

    @Autowired
    private ByteBudget budget;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", LocalKafka.shared()::bootstrapServers);
    }

    @BeforeEach
    void awaitTopics() {
        client.awaitTopics();
    }

    @Test
    void putsEveryEventOfABatchOnTheLogInOrder() throws Exception {
        String subject = "s-" + UUID.randomUUID();
        HttpResponse<String> response = send(IntStream.range(0, 100)
                .mapToObj(i -> with("\"subject\":\"" + subject + "\",\"data\":{ \"n\" : " + i + " }"))
                .collect(Collectors.joining(",\n", "[", "]")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        JsonNode answer = json(response);
        assertThat(answer.path("accepted").asInt()).isEqualTo(100);
        List<DomainEvent> events = log.eventsOf(subject, 100);
        assertThat(events)
                .extracting(EventLog::textOf)
                .containsExactlyElementsOf(IntStream.range(0, 100)
                        .mapToObj(i -> "{ \"n\" : " + i + " }")
                        .toList());
        assertThat(events)
                .extracting(DomainEvent::getId)
                .containsExactlyElementsOf(answer.path("results")
                        .valueStream()
                        .map(result -> result.path("id").asString())
                        .toList());
        await().atMost(PATIENCE).until(() -> budget.used() == 0);
    }

    @Test
    void takesTheGoodEventsOfABatchAndPointsAtTheOthers() throws Exception {
        String subject = "s-" + UUID.randomUUID();
        String good = with("\"subject\":\"" + subject + "\",\"data\":1");
        String large = with("\"data\":\"" + "x".repeat(2_048) + "\"");
        HttpResponse<String> response = send("[" + good + ",{\"specversion\":\"1.0\",\"type\":\"A\"},7,"
                + "{\"specversion\":\"1.0\",\"type\":\"a\",\"type\":\"b\"}," + large + "," + good + "]");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
        JsonNode results = json(response).path("results");
        assertThat(results.valueStream().map(result -> result.path("status").asInt()))
                .containsExactly(202, 400, 400, 400, 413, 202);
        assertThat(results.valueStream().map(result -> result.path("pointer").asString("")))
                .containsExactly("", "/1/type", "/2", "/3", "/4", "");
        assertThat(results.path(3).path("problem").path("code").asString()).isEqualTo("duplicate_field");
        assertThat(log.eventsOf(subject, 2)).hasSize(2);
    }

    @Test
    void takesAnArrayThatIsCalledPlainJson() throws Exception {
        String subject = "s-" + UUID.randomUUID();
        String good = with("\"subject\":\"" + subject + "\",\"data\":1");
        HttpResponse<String> response =
                IngestClient.send(client.post("application/json", " \r\n\t[" + good + ",7," + good + "]"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(207);
        assertThat(json(response)
                        .path("results")
                        .valueStream()
                        .map(result -> result.path("status").asInt()))
                .containsExactly(202, 400, 202);
        assertThat(log.eventsOf(subject, 2)).hasSize(2);
        String large = with("\"data\":\"" + "x".repeat(2_048) + "\"");
        IngestClient.assertProblem(IngestClient.send(client.post("application/json", large)), 413, "too_large", "body");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|400|invalid_json",
                "[]|400|invalid_field",
                "{}|400|wrong_type",
                "[{]|400|invalid_json",
                "[1,2]|400|wrong_type",
            })
    void refusesWhatIsNoBatch(String body, int status, String code) throws Exception {
        HttpResponse<String> response = send(body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(response).path("code").asString()).isEqualTo(code);
    }

    @Test
    void refusesTooManyEventsAndTooManyBytesBeforeItTakesAny() throws Exception {
        String subject = "s-" + UUID.randomUUID();
        String event = with("\"subject\":\"" + subject + "\",\"data\":1");
        String many = IntStream.range(0, 101).mapToObj(i -> event).collect(Collectors.joining(",", "[", "]"));
        assertThat(send(many).statusCode()).isEqualTo(413);
        assertThat(send("[" + event + " ".repeat(64 * 1024) + "]").statusCode()).isEqualTo(413);
        assertThat(send("[" + event + "]").statusCode()).isEqualTo(202);
        assertThat(log.eventsOf(subject, 1)).hasSize(1);
    }

    private HttpResponse<String> send(String batch) throws Exception {
        return IngestClient.send(client.post("application/cloudevents-batch+json; charset=utf-8", batch));
    }
}
