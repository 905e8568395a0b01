package dev.sluice.gateway.ingest;

import static dev.sluice.gateway.ingest.EventReading.with;
import static dev.sluice.gateway.ingest.IngestClient.PATIENCE;
import static dev.sluice.gateway.ingest.IngestClient.assertProblem;
import static dev.sluice.gateway.ingest.IngestClient.json;
import static dev.sluice.gateway.ingest.IngestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.platform.kafka.KafkaClients;
import dev.sluice.platform.kafka.RecordSerde;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.web.ByteBudget;
import dev.sluice.record.DomainEvent;
import dev.sluice.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Events over HTTP onto a real log, also while it is away. */
@IngestTest
@TestPropertySource(
        properties = {
            "sluice.kafka.max-partitions=2",
            "sluice.gateway.ingest.ack-timeout=2s",
            "sluice.gateway.ingest.max-batch-size=512KB",
            "sluice.gateway.ingest.max-bytes-in-flight=512KB",
        })
@DirtiesContext
class EventIngestIT {

    @AutoClose
    private static final IsolatedKafka KAFKA = LocalKafka.newIsolated();

    @Autowired
    private KafkaClients kafka;

    @Autowired
    private IngestClient client;

    @Autowired
    private ByteBudget budget;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", KAFKA::bootstrapServers);
    }

    @BeforeEach
    void awaitTopics() {
        client.awaitTopics();
    }

    @Test
    void answersWhereOnTheLogAnEventStandsAndKeepsItWhole() throws Exception {
        String data = "{ \"total\" : 42.10,\n \"note\":\"\\u00e4ß😀\" }";
        Instant before = Instant.now().minusSeconds(1);
        HttpResponse<String> response = send(post(
                        "application/cloudevents+json",
                        with("\"id\":\"e-1\",\"source\":\"/shop\",\"subject\":\"order-1\","
                                + "\"dataschema\":\"https://acme.example/order\",\"region\":\"eu\",\"data\":"
                                + data))
                .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode receipt = json(response);
        assertThat(receipt.path("id").asString()).isEqualTo("e-1");
        assertThat(receipt.path("source").asString()).isEqualTo("/shop");
        assertThat(receipt.path("topic").asString()).isEqualTo("sluice.events");

        ConsumerRecord<String, DomainEvent> record = recordAt(receipt);
        assertThat(record.key()).isEqualTo("acme|order-1");
        DomainEvent event = record.value();
        assertThat(event.getId()).isEqualTo("e-1");
        assertThat(event.getSource()).isEqualTo("/shop");
        assertThat(event.getType()).isEqualTo("order.created");
        assertThat(event.getSubject()).isEqualTo("order-1");
        assertThat(event.getTenant()).isEqualTo("acme");
        assertThat(event.getKeyId()).isEqualTo("key-1");
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getDataSchema()).isEqualTo("https://acme.example/order");
        assertThat(textOf(event.getData())).isEqualTo(data);
        assertThat(event.getExtensions()).containsExactlyEntriesOf(Map.of("region", "eu"));
        assertThat(event.getTraceParent()).matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01");
        assertThat(event.getTraceParent()).doesNotContain("b7ad6b7169203331");
        assertThat(event.getReceivedAt()).isAfter(before).isEqualTo(event.getTime());
    }

    @Test
    void keepsAnEventInBinaryModeAsOneInStructuredMode() throws Exception {
        HttpResponse<String> response = send(request("image/png")
                .header("ce-specversion", "1.0")
                .header("ce-id", "b-1")
                .header("ce-type", "photo.taken")
                .header("ce-subject", "Z%C3%BCrich%20%F0%9F%98%80")
                .header("ce-region", "eu")
                .POST(BodyPublishers.ofByteArray(new byte[] {0, (byte) 0xff, '"'})));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        ConsumerRecord<String, DomainEvent> record = recordAt(json(response));
        assertThat(record.key()).isEqualTo("acme|Zürich 😀");
        DomainEvent event = record.value();
        assertThat(event.getId()).isEqualTo("b-1");
        assertThat(event.getSource()).isEqualTo("/tenants/acme");
        assertThat(event.getType()).isEqualTo("photo.taken");
        assertThat(event.getDataContentType()).isEqualTo("image/png");
        assertThat(event.getData()).isEqualTo(ByteBuffer.wrap(new byte[] {0, (byte) 0xff, '"'}));
        assertThat(event.getExtensions()).containsExactlyEntriesOf(Map.of("region", "eu"));
    }

    @Test
    void refusesAnAttributeHeaderThatStandsTwice() throws Exception {
        HttpRequest.Builder event = post("text/plain", "x")
                .header("ce-specversion", "1.0")
                .header("ce-type", "a")
                .header("Ce-Type", "b");
        assertProblem(send(event), 400, "duplicate_field", "ce-type");
    }

    @Test
    void givesAnEventWithoutIdOneOfItsOwn() throws Exception {
        JsonNode first = json(send(post("application/json", with("\"data\":1"))));
        JsonNode second = json(send(post("application/json", with("\"data\":1"))));
        assertThat(first.path("id").asString())
                .hasSize(36)
                .isNotEqualTo(second.path("id").asString());
        assertThat(first.path("source").asString()).isEqualTo("/tenants/acme");
        assertThat(recordAt(first).key()).isEqualTo("acme|" + first.path("id").asString());
        assertThat(recordAt(first).value().getTraceParent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    }

    @Test
    void keepsEventsOfOneSubjectInOrder() throws Exception {
        List<JsonNode> receipts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            receipts.add(json(send(post("application/json", with("\"subject\":\"s-1\",\"data\":" + i)))));
        }
        assertThat(receipts)
                .extracting(receipt -> receipt.path("partition").asInt())
                .containsOnly(receipts.getFirst().path("partition").asInt());
        assertThat(receipts)
                .extracting(receipt -> receipt.path("offset").asLong())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void takesTheLargestEventAndRefusesALargerOne() throws Exception {
        assertThat(send(post("application/json", ofSize(256 * 1024))).statusCode())
                .isEqualTo(202);
        assertProblem(send(post("application/json", ofSize(256 * 1024 + 1))), 413, "too_large", "body");
        HttpRequest.Builder chunked = request("application/json")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(ofSize(400 * 1024))));
        assertProblem(send(chunked), 413, "too_large", "body");
        assertThat(send(request("application/json")
                                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(ofSize(200 * 1024)))))
                        .statusCode())
                .isEqualTo(202);
        await().atMost(PATIENCE).until(() -> budget.used() == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|invalid_json|body",
                "null|invalid_json|body",
                "[1]|wrong_type|body",
                "{\"specversion\":\"1.0\",\"type\":\"a\",\"type\":\"b\"}|duplicate_field|type",
                "{\"specversion\":\"1.0\",\"type\":\"a\",\"is_admin\":true}|unknown_field|is_admin",
                "{\"specversion\":\"1.0\",\"type\":7}|wrong_type|type",
                "{\"specversion\":\"1.0\",\"type\":\"a\",\"data\":1e400}|number_out_of_range|data",
                "{\"specversion\":\"1.0\"}|missing_field|type"
            })
    void refusesBrokenEventsWithCodeAndField(String body, String code, String field) throws Exception {
        assertProblem(send(post("application/json", body)), 400, code, field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/json;charset=evil",
                "multipart/form-data;boundary=x",
                "application/cloudevents-batch+xml"
            })
    void refusesOtherMediaTypes(String type) throws Exception {
        HttpResponse<String> response = send(post(type, with("\"data\":1")));
        assertProblem(response, 415, "unsupported_media_type", "Content-Type");
        assertThat(response.headers().firstValue("Accept-Post")).isPresent();
    }

    @Test
    void refusesWhatCannotBeAnsweredTheWayItIsAsked() throws Exception {
        HttpRequest.Builder valid = post("application/json", with("\"data\":1"));
        assertProblem(send(valid.copy().header("Accept", "image/png")), 406, "not_acceptable", "Accept");
        assertThat(send(valid.copy().header("Accept", ";;;")).statusCode()).isEqualTo(406);
        assertProblem(send(valid.copy().header("ce-id", "1")), 400, "missing_field", "ce-specversion");
        assertProblem(
                send(valid.copy().header("Content-Encoding", "gzip")),
                415,
                "unsupported_media_type",
                "Content-Encoding");
        assertProblem(send(valid.copy().uri(client.uri("/api/v1/events?dry=1"))), 400, "invalid_parameter", "query");
        HttpResponse<String> put = send(valid.copy().PUT(BodyPublishers.ofString("{}")));
        assertProblem(put, 405, "method_not_allowed", "method");
        assertThat(put.headers().firstValue("Allow")).contains("POST");
    }

    @Test
    void asksToComeBackWhileTooManyBytesAreOnTheirWay() throws Exception {
        try (Socket first = announce(256 * 1024);
                Socket second = announce(250 * 1024)) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            await().atMost(PATIENCE).until(() -> budget.used() == 506 * 1024);
            HttpResponse<String> refused = send(post("application/json", ofSize(8 * 1024)));
            assertProblem(refused, 503, "temporary_reduced_capacity", "");
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");
            assertThat(send(post("application/json", with("\"data\":1"))).statusCode())
                    .as("what still fits")
                    .isEqualTo(202);
        }
        await().atMost(PATIENCE).until(() -> budget.used() == 0);
        assertThat(send(post("application/json", ofSize(8 * 1024))).statusCode())
                .isEqualTo(202);
    }

    @Test
    void asksToComeBackWhileTheLogIsAwayAndTakesEventsOnceItIsThere() throws Exception {
        assertThat(send(post("application/json", with("\"data\":1"))).statusCode())
                .isEqualTo(202);
        KAFKA.stop();
        try {
            HttpResponse<String> refused = send(post("application/json", with("\"data\":2")));
            assertProblem(refused, 503, "unavailable", "");
            assertThat(refused.headers().firstValue("Retry-After")).contains("2");
            assertThat(refused.body()).doesNotContain("127.0.0.1", "Kafka", "Exception");
        } finally {
            KAFKA.start();
        }
        await().atMost(PATIENCE)
                .pollInterval(500, TimeUnit.MILLISECONDS)
                .until(() -> send(post("application/json", with("\"data\":3"))).statusCode() == 202);
        await().atMost(PATIENCE).until(() -> budget.used() == 0);
    }

    private ConsumerRecord<String, DomainEvent> recordAt(JsonNode receipt) {
        TopicPartition partition = new TopicPartition(
                receipt.path("topic").asString(), receipt.path("partition").asInt());
        try (Consumer<String, DomainEvent> consumer =
                kafka.newConsumer("test", null, RecordSerde.of(Topics.EVENTS).deserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, receipt.path("offset").asLong());
            List<ConsumerRecord<String, DomainEvent>> records = new ArrayList<>();
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return !records.isEmpty();
            });
            return records.getFirst();
        }
    }

    /** The head of a request whose body stays away. */
    private Socket announce(int bytes) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), client.port());
        socket.getOutputStream()
                .write(("POST /api/v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                                + bytes + "\r\n\r\n{")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String ofSize(int bytes) {
        String frame = with("\"data\":\"\"");
        return with("\"data\":\"" + "x".repeat(bytes - frame.length()) + "\"");
    }

    private static String textOf(ByteBuffer data) {
        return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
    }

    private HttpRequest.Builder request(String type) {
        return client.request(type);
    }

    private HttpRequest.Builder post(String type, String body) {
        return client.post(type, body);
    }
}
