package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Keys, webhook secrets, session tokens and what the platform keeps for itself are in no log, topic, error or metric,
 * neither as they are nor encoded, nor half of one. Each search also finds something that is there, or it would prove
 * nothing.
 */
class NoSecretShowsIT {

    private static final List<String> SERVICES =
            List.of("api-gateway", "cache-service", "webhook-dispatcher", "metrics-aggregator");

    private static final Platform PLATFORM = Platform.shared();

    private static SecretWalk walk;

    @BeforeAll
    static void walk() {
        walk = SecretWalk.walk();
    }

    @Test
    void noLogShowsASecret() throws IOException {
        Map<String, String> logs = Logs.of(PLATFORM).all();
        assertThat(logs)
                .containsKeys(
                        "api-gateway.log", "cache-service.log", "webhook-dispatcher.log", "metrics-aggregator.log");
        assertThat(found(logs, walk.tenant().id())).isNotEmpty();
        assertThat(shown(logs)).isEmpty();
    }

    @Test
    void noTopicShowsASecret() {
        Map<String, String> topics = LogReader.read(PLATFORM.bootstrapServers());
        assertThat(found(topics, walk.subject())).contains("sluice.events", "sluice.webhook.deliveries");
        assertThat(found(topics, walk.tenant().keyId())).contains("sluice.api-keys", "sluice.audit");
        assertThat(topics).containsKey("__consumer_offsets");
        assertThat(shown(topics)).isEmpty();
    }

    @Test
    void noMetricShowsASecret() {
        Map<String, String> pages = new TreeMap<>();
        for (String service : SERVICES) {
            readFrom(URI.create("http://" + PLATFORM.managementAddress(service)), pages);
        }
        assertThat(found(pages, "jvm_memory_used_bytes")).hasSameSizeAs(SERVICES);
        assertThat(shown(pages)).isEmpty();
    }

    @Test
    void noErrorShowsASecret() {
        Map<String, String> errors = new TreeMap<>();
        for (Client.Answer answer : walk.errors()) {
            String request = "%d %s".formatted(errors.size(), answer.response().request());
            errors.put(
                    request,
                    answer.response().headers().map()
                            + new String(answer.response().body(), StandardCharsets.ISO_8859_1));
        }
        assertThat(found(errors, "application/problem+json")).hasSizeGreaterThan(300);
        assertThat(shown(errors)).isEmpty();
    }

    /** Everything that the management port links to, as deep as it goes. */
    private static void readFrom(URI root, Map<String, String> pages) {
        Client client = new Client(root, "");
        Deque<String> paths = new ArrayDeque<>(List.of("/actuator"));
        while (!paths.isEmpty()) {
            String path = paths.pop();
            Client.Answer answer = client.get(path);
            boolean isNew =
                    pages.put(root + path, new String(answer.response().body(), StandardCharsets.ISO_8859_1)) == null;
            if (isNew && path.equals("/actuator")) {
                for (JsonNode link : answer.json().path("_links")) {
                    if (!link.path("templated").asBoolean()) {
                        paths.add(URI.create(link.path("href").asString()).getPath());
                    }
                }
            }
        }
    }

    /** Which secret can be read where. */
    private static List<String> shown(Map<String, String> places) {
        return walk.secrets().stream()
                .flatMap(secret -> places.entrySet().stream()
                        .filter(place -> secret.isIn(place.getValue()))
                        .map(place -> secret.name() + " in " + place.getKey()))
                .toList();
    }

    private static List<String> found(Map<String, String> places, String text) {
        return places.entrySet().stream()
                .filter(place -> place.getValue().contains(text))
                .map(Map.Entry::getKey)
                .collect(Collectors.toList());
    }
}
