package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.LocalKafka;
import dev.sluice.record.DomainEvent;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.MessageWriter;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The CloudEvents SDK for Java, of another maker, publishes in every content mode. */
@IngestTest
class ForeignSdkIT {

    private static final String RUN = UUID.randomUUID().toString();

    @Autowired
    private EventLog log;

    @Autowired
    private IngestClient client;

    // This SDK sends headers as they are; of what it would have to encode, only spaces get through.
    private final String subject = "order 7 " + UUID.randomUUID();
    private final OffsetDateTime time =
            OffsetDateTime.now(ZoneOffset.ofHours(2)).truncatedTo(ChronoUnit.MICROS);

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", LocalKafka.shared()::bootstrapServers);
    }

    @BeforeEach
    void awaitTopics() {
        client.awaitTopics();
    }

    @Test
    void publishesInBinaryMode() throws Exception {
        byte[] data = {0, 1, (byte) 0xff};
        publish(writer -> writer.writeBinary(event("b-1-" + RUN, "image/png", data)));
        assertKept("b-1-" + RUN, "image/png", data);
    }

    @Test
    void publishesInStructuredMode() throws Exception {
        byte[] data = "{\"total\":42.10}".getBytes(StandardCharsets.UTF_8);
        publish(writer -> writer.writeStructured(event("s-1-" + RUN, "application/json", data), new JsonFormat()));
        assertKept("s-1-" + RUN, "application/json", data);
    }

    @Test
    void publishesABatch() throws Exception {
        byte[] data = {0, 1, (byte) 0xff};
        // The SDK writes the events and leaves the array to its user.
        String batch = Stream.of("b-2-" + RUN, "b-3-" + RUN)
                .map(id -> new String(new JsonFormat().serialize(event(id, "image/png", data)), StandardCharsets.UTF_8))
                .collect(Collectors.joining(",", "[", "]"));
        HttpRequest.Builder request = request().header("Content-Type", "application/cloudevents-batch+json");
        send(request, batch.getBytes(StandardCharsets.UTF_8));
        assertKept("b-2-" + RUN, "image/png", data);
        assertKept("b-3-" + RUN, "image/png", data);
    }

    private void publish(Consumer<MessageWriter<?, Void>> mode) throws Exception {
        HttpRequest.Builder request = request();
        byte[][] body = new byte[1][];
        mode.accept(HttpMessageFactory.createWriter(request::header, bytes -> body[0] = bytes));
        send(request, body[0]);
    }

    private CloudEvent event(String id, String type, byte[] data) {
        return CloudEventBuilder.v1()
                .withId(id)
                .withSource(URI.create("https://sdk.example/shop?a=b#c"))
                .withType("order.created")
                .withSubject(subject)
                .withTime(time)
                .withDataSchema(URI.create("https://sdk.example/schema"))
                .withData(type, data)
                .withExtension("region", "eu west")
                .withExtension("priority", 3)
                .withExtension("sampled", true)
                .build();
    }

    private void assertKept(String id, String type, byte[] data) {
        List<DomainEvent> found = log.eventsOf(subject, 1).stream()
                .filter(event -> event.getId().equals(id))
                .toList();
        assertThat(found).hasSize(1);
        DomainEvent event = found.getFirst();
        assertThat(event.getSource()).isEqualTo("https://sdk.example/shop?a=b#c");
        assertThat(event.getType()).isEqualTo("order.created");
        assertThat(event.getTime()).isEqualTo(time.toInstant());
        assertThat(event.getDataSchema()).isEqualTo("https://sdk.example/schema");
        assertThat(event.getDataContentType()).isEqualTo(type);
        assertThat(event.getData()).isEqualTo(ByteBuffer.wrap(data));
        assertThat(event.getExtensions()).isEqualTo(Map.of("region", "eu west", "priority", "3", "sampled", "true"));
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(client.uri("/api/v1/events")).timeout(Duration.ofMinutes(1));
    }

    private static void send(HttpRequest.Builder request, byte[] body) throws Exception {
        HttpResponse<String> response = IngestClient.send(request.POST(BodyPublishers.ofByteArray(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    }
}
