package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** What the dashboards show and the alerts watch is there in a platform with some traffic: none asks for a metric that is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String run =
            "e2e_" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);

    private final AtomicInteger events = new AtomicInteger();

    @AutoClose
    private final Receiver receiver = new Receiver(Receiver.Mood.REFUSES_FIRST);

    @AutoClose
    private final Receiver upstream = new Receiver(Receiver.Mood.TAKES_ALL);

    @AutoClose
    private Prometheus prometheus;

    private Client client;

    @BeforeAll
    void watch() throws IOException {
        Prometheus.require("prometheus");
        Platform platform = Platform.shared();
        client = platform.client("unlimited");
        prometheus = Prometheus.watching(platform);
        Webhooks.register(client, receiver.url(), run + ".*");
        String route = """
            {"match":{"path":"/%s/**"},"access":"anonymous","targets":[{"url":"%s"}],"cache":{"defaultTtl":"1m"}}\
            """.formatted(run, upstream.origin());
        Client.Answer made = platform.client("admin").send("PUT", "/api/v1/routes/" + run, "application/json", route);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        await().atMost(PATIENCE).until(() -> client.get("/" + run + "/one").status(), status -> status == 204);
    }

    /** The platform is one of several tests. */
    @AfterAll
    void removeTheRoute() {
        Platform.shared().client("admin").send("DELETE", "/api/v1/routes/" + run, "", "");
    }

    @Test
    void everyPanelShowsTheLinesThatItsLegendNames() throws IOException {
        List<Dashboards.Query> empty = new ArrayList<>(Dashboards.queries());
        assertThat(empty).hasSizeGreaterThan(50);
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            makeTraffic();
            empty.removeIf(this::showsSomething);
            assertThat(empty).as("panels without data").isEmpty();
        });
    }

    @Test
    void everyRuleIsEvaluatedOnSeriesThatAreThere() {
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            makeTraffic();
            List<Prometheus.Rule> rules = prometheus.rules();
            assertThat(rules)
                    .hasSizeGreaterThan(10)
                    .allMatch(rule -> rule.health().equals("ok"));
            assertThat(rules.stream().flatMap(rule -> rule.selectors().stream()).filter(this::hasNoSeries))
                    .as("series that a rule reads and no service has")
                    .isEmpty();
            assertThat(prometheus.query("up{job=\"sluice\"} == 1")).hasSize(4);
        });
    }

    /** A platform that is well has no series of failed requests; those of the others have the same labels. */
    private boolean hasNoSeries(String selector) {
        return prometheus.query(selector.replace("SERVER_ERROR", "SUCCESS")).isEmpty();
    }

    private void makeTraffic() {
        // Each event has an id of its own: one that was sent before is not taken, and makes no attempt, again.
        String event = Webhooks.event(run + ".made", run + "-" + events.incrementAndGet());
        String key = "/api/v1/cache/namespaces/" + run + "/keys/one";
        assertThat(client.send("POST", "/api/v1/events", "application/cloudevents+json", event)
                        .status())
                .isEqualTo(202);
        assertThat(client.send("PUT", key, "text/plain", "value").status()).isBetween(200, 204);
        assertThat(client.get(key).status()).isEqualTo(200);
        assertThat(client.get(key + "-absent").status()).isEqualTo(404);
        // Removed, asked for, kept, and used again.
        assertThat(client.send("DELETE", "/" + run + "/one", "", "").status()).isEqualTo(204);
        assertThat(client.get("/" + run + "/one").status()).isEqualTo(204);
        assertThat(client.get("/" + run + "/one").status()).isEqualTo(204);
        assertThat(client.get("/api/v1/limits").status()).isEqualTo(200);
        assertThat(client.get("/api/v1/cache/stats").status()).isEqualTo(200);
    }

    private boolean showsSomething(Dashboards.Query query) {
        return prometheus.query(query.expression().replace("$__rate_interval", "30s")).stream()
                .filter(result -> !value(result).equals("NaN"))
                .anyMatch(result -> query.labels().stream().allMatch(result.path("metric")::has));
    }

    private static String value(JsonNode result) {
        return result.path("value").path(1).asString();
    }
}
