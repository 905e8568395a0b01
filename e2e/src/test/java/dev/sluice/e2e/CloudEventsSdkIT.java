package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The npm SDK of CloudEvents publishes in every content mode, and what it meant is what subscribers get. */
class CloudEventsSdkIT {

    private static final String CLIENT = "cloudevents-npm";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String DATA =
            "{\"total\":42.5,\"name\":\"\u017dofie \\\"Zoe\\\" \ud83d\ude00\",\"lines\":[1,2,3],\"none\":null}";

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("premium");
    private final String type =
            "e2e.sdk." + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

    @BeforeAll
    static void install() {
        Node.install(CLIENT);
    }

    @Test
    void publishesInEveryContentMode() throws IOException {
        try (EventSource stream = EventSource.open(client, "/api/v1/events/stream?type=" + type)) {
            String output = Node.run(
                    CLIENT,
                    "publish.mjs",
                    "",
                    List.of("GATEWAY=" + platform.gateway(), "KEY=" + client.key(), "TYPE=" + type));
            assertThat(output.lines())
                    .hasSize(5)
                    .allSatisfy(line -> assertThat(JsonMapper.shared()
                                    .readTree(line)
                                    .path("status")
                                    .asInt())
                            .as(line)
                            .isEqualTo(202));
            await().atMost(PATIENCE).until(() -> stream.events().size() >= 6);
            assertThat(stream.events()).hasSize(6);
            JsonNode data = JsonMapper.shared().readTree(DATA);
            for (String subject : List.of("structured", "binary", "batch-first", "batch-second")) {
                JsonNode event = of(stream, subject);
                assertThat(event.path("data")).as(subject).isEqualTo(data);
                assertThat(event.path("source").asString()).isEqualTo("/e2e/cloudevents-sdk");
            }
            assertThat(of(stream, "binary").path("region").asString()).isEqualTo("eu-1");
            assertThat(of(stream, "bytes").path("data_base64").asString()).isEqualTo("AAH+/w==");
            assertThat(of(stream, "text").path("datacontenttype").asString()).startsWith("text/plain");
        }
    }

    private static JsonNode of(EventSource stream, String subject) {
        return stream.events().stream()
                .filter(event -> event.path("subject").asString().equals(subject))
                .findFirst()
                .orElseThrow();
    }
}
