package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Kafka client and a schema registry client of other makers read the platform's topics. */
class ForeignClientIT {

    private static final String CLIENT = "foreign-client";

    private final Platform platform = Platform.shared();
    private final Client client = platform.client("premium");

    @BeforeAll
    static void install() {
        Node.install(CLIENT);
    }

    @Test
    void readsEventsAndCacheReadsWithTheSchemasOfTheRegistry() throws IOException {
        String type = "e2e.foreign." + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
        String event = Webhooks.event(type, "foreign");
        assertThat(client.send("POST", "/api/v1/events", "application/json", event)
                        .status())
                .isEqualTo(202);
        client.get("/api/v1/cache/namespaces/foreign/keys/absent");
        String output = Node.run(
                CLIENT,
                "read.mjs",
                "",
                List.of(
                        "KAFKA=" + platform.bootstrapServers(),
                        "GATEWAY=" + platform.gateway(),
                        "TOPICS=sluice.events,sluice.cache.reads",
                        "COUNT=1"));
        List<JsonNode> records =
                output.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
        Set<String> topics =
                records.stream().map(one -> one.path("topic").asString()).collect(Collectors.toSet());
        assertThat(topics).containsExactlyInAnyOrder("sluice.events", "sluice.cache.reads");
        assertThat(records)
                .allSatisfy(one -> assertThat(one.path("value").size()).isPositive());
        assertThat(records)
                .filteredOn(one -> one.path("topic").asString().equals("sluice.events"))
                .allSatisfy(one ->
                        assertThat(one.path("value").path("type").asString()).isNotEmpty());
    }
}
