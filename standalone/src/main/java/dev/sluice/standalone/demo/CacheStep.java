package dev.sluice.standalone.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads and writes through the cache, then compares what was done with what the aggregator counted from the log. */
final class CacheStep implements DemoStep {

    private static final int KEYS = 40;
    private static final int READS_PER_KEY = 10;
    private static final int MISSES = 60;
    private static final Duration COUNT_LIMIT = Duration.ofSeconds(90);

    private final ApiClient api;
    private final String namespace;
    private final Consumer<String> progress;

    CacheStep(ApiClient api, String namespace, Consumer<String> progress) {
        this.api = api;
        this.namespace = namespace;
        this.progress = progress;
    }

    @Override
    public String title() {
        return "Cache reads and writes, counted and measured from the log";
    }

    @Override
    public List<Check> run() {
        for (int i = 0; i < KEYS; i++) {
            expect(put(i), 201);
        }
        int wrong = 0;
        for (int round = 0; round < READS_PER_KEY; round++) {
            for (int i = 0; i < KEYS; i++) {
                wrong += get("product:" + i, 200).text().equals(value(i)) ? 0 : 1;
            }
        }
        for (int i = 0; i < MISSES; i++) {
            get("absent:" + i, 404);
        }
        expect(api.sendUntilAnswered("DELETE", path("product:0"), "", new byte[0]), 204);
        get("product:0", 404);
        long hits = (long) KEYS * READS_PER_KEY;
        long misses = MISSES + 1L;
        progress.accept((hits + misses) + " reads made, waiting for the aggregator to count them");
        JsonNode stats = awaitStats(hits + misses);
        JsonNode latency = stats.path("latency");
        double p50 = latency.path("p50").asDouble(-1);
        double p95 = latency.path("p95").asDouble(-1);
        double p99 = latency.path("p99").asDouble(-1);
        return List.of(
                Check.equal("reads with a wrong value", 0, wrong),
                Check.equal(
                        "hits counted by the aggregator",
                        hits,
                        stats.path("hits").asLong(-1)),
                Check.equal(
                        "misses counted by the aggregator",
                        misses,
                        stats.path("misses").asLong(-1)),
                Check.equal(
                        "reads counted by the aggregator",
                        hits + misses,
                        stats.path("reads").asLong(-1)),
                Check.that(
                        "latency percentiles in order",
                        0 < p50 && p50 <= p95 && p95 <= p99,
                        "p50 %.3f ms, p95 %.3f ms, p99 %.3f ms".formatted(p50, p95, p99)));
    }

    private JsonNode awaitStats(long reads) {
        AtomicReference<JsonNode> last = new AtomicReference<>(JsonNodeFactory.instance.objectNode());
        Waiting.until(COUNT_LIMIT, () -> {
            last.set(api.json("GET", "/api/v1/cache/stats?window=PT1H&namespace=" + namespace, "", 200));
            return last.get().path("reads").asLong(0) >= reads;
        });
        return last.get();
    }

    private ApiClient.Answer put(int i) {
        return api.sendUntilAnswered(
                "PUT",
                path("product:" + i),
                "text/plain",
                value(i).getBytes(StandardCharsets.UTF_8),
                Map.of("Cache-Control", "max-age=600"));
    }

    private ApiClient.Answer get(String key, int status) {
        return expect(api.sendUntilAnswered("GET", path(key), "", new byte[0]), status);
    }

    private static ApiClient.Answer expect(ApiClient.Answer answer, int status) {
        if (answer.status() != status) {
            throw new DemoFailedException(
                    "the cache answered " + answer.status() + " instead of " + status + ": " + answer.text());
        }
        return answer;
    }

    private String path(String key) {
        return "/api/v1/cache/namespaces/" + namespace + "/keys/" + key;
    }

    private static String value(int i) {
        return "value of product " + i;
    }
}
