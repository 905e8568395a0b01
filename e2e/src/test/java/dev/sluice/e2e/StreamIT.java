package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** A client that reads a stream and resumes it misses nothing and gets nothing twice, though processes die meanwhile. */
class StreamIT {

    private static final int EVENTS = 90;
    private static final Duration PAUSE = Duration.ofMillis(40);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("unlimited");

    @Test
    void goesOnExactlyWhereItBrokeOff() {
        String name = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        String type = "e2e.stream." + name;
        List<String> published = new ArrayList<>();
        try (EventSource source = EventSource.open(client, "/api/v1/events/stream?type=" + type)) {
            for (int i = 0; i < EVENTS; i++) {
                if (i == EVENTS / 3) {
                    platform.kill("api-gateway");
                }
                if (i == EVENTS * 2 / 3) {
                    platform.kill("kafka");
                }
                String id = name + "-" + i;
                String event = """
                        {"specversion":"1.0","id":"%s","source":"/e2e","type":"%s","subject":"one","data":{}}""".formatted(id, type);
                await().pollDelay(PAUSE).pollInterval(PAUSE).atMost(PATIENCE).until(() -> isTaken(event));
                published.add(id);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(source.events()).hasSizeGreaterThanOrEqualTo(published.size()));
            assertThat(source.events())
                    .extracting(event -> event.path("id").asString())
                    .containsExactlyElementsOf(published);
            assertThat(source.names()).containsOnly(type);
            assertThat(source.connections()).as("the gateway was killed").isGreaterThan(1);
        }
        await().atMost(PATIENCE).until(platform::isReady);
    }

    /** Sent again until there is an answer; one of the same id is taken once. */
    private boolean isTaken(String event) {
        return client.answers(202, "POST", "/api/v1/events", event);
    }
}
