package dev.sluice.standalone.demo;

import dev.sluice.standalone.demo.ApiClient.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A product of a customer's own gets a route, and callers of all tiers use it through the gateway: each within the daily
 * quota of its tier, and the product sees what the gateway let through, no more and no less.
 */
final class ProductStep implements DemoStep {

    private static final String GROUP = "readings";
    private static final String LIMIT = "readings-day";
    private static final String FREE = "free";
    private static final List<String> TIERS = List.of(FREE, "basic", "premium", "unlimited");
    private static final int REQUESTS = 12;
    /** The tenant whose key administers. */
    private static final String ADMIN = "sluice";

    private static final Duration RATE_PAUSE = Duration.ofMillis(200);
    private static final int MOST_PAUSES = 100;

    private final DemoTarget target;
    private final ApiClient admin;
    private final String route;
    private final String path;

    /** @param name of the route, and the first segment of its paths */
    ProductStep(DemoTarget target, String name) {
        this.target = target;
        this.admin = new ApiClient(target.gateway(), target.key(ADMIN));
        this.route = "/api/v1/routes/" + name;
        this.path = "/" + name + "/readings";
    }

    @Override
    public String title() {
        return "A product behind a route, with a daily quota for each tier";
    }

    @Override
    public List<Check> run() {
        List<Check> checks = new ArrayList<>();
        try (SampleUpstream product = new SampleUpstream()) {
            admin.json("PUT", route, document(product), 201);
            try {
                checks.addAll(measure(product));
            } finally {
                admin.json("DELETE", route, "", 204);
            }
        }
        int gone = admin.sendUntilAnswered("GET", path, "", new byte[0]).status();
        checks.add(Check.that("404 once the route is deleted", gone == 404, Integer.toString(gone)));
        return checks;
    }

    private String document(SampleUpstream product) {
        String prefix = path.substring(0, path.lastIndexOf('/'));
        return """
                {"match":{"path":"%s/**","methods":["GET"]},"targets":[{"url":"%s"}],
                 "rewrite":{"stripPrefix":"%s"},"limitGroup":"%s"}""".formatted(prefix, product.address(), prefix, GROUP);
    }

    private List<Check> measure(SampleUpstream product) {
        JsonNode catalogue = admin.json("GET", "/api/v1/tiers", "", 200).path("data");
        List<ProductTally> tallies =
                TIERS.stream().map(tier -> use(tier, quotaOf(catalogue, tier))).toList();
        List<Check> checks =
                new ArrayList<>(tallies.stream().map(ProductTally::check).toList());
        checks.add(Check.that(
                "free was refused by its daily quota",
                tallies.getFirst().refused() > 0,
                tallies.getFirst().refused() + " × 429"));
        checks.add(Check.equal(
                "admitted requests that the product served",
                tallies.stream().mapToLong(ProductTally::admitted).sum(),
                product.served()));
        checks.add(Check.that("no API key reached the product", product.keysSeen() == 0, product.keysSeen() + " keys"));
        return checks;
    }

    private static long quotaOf(JsonNode catalogue, String tier) {
        return catalogue
                .valueStream()
                .filter(one -> one.path("name").asString().equals(tier))
                .flatMap(one -> one.path("limits").valueStream())
                .filter(limit -> limit.path("name").asString().equals(LIMIT))
                .mapToLong(limit -> limit.path("quota").asLong())
                .findFirst()
                .orElse(0);
    }

    /** Asks until the quota refuses; all tiers but free, whose quota is small, stop before. */
    private ProductTally use(String tier, long quota) {
        ApiClient api = new ApiClient(target.gateway(), target.key("dev-" + tier));
        long most = tier.equals(FREE) ? 2 * quota + 1 : REQUESTS;
        Set<Long> told = new TreeSet<>();
        List<String> failures = new ArrayList<>();
        long admitted = 0;
        long refused = 0;
        while (admitted < most && refused == 0 && failures.isEmpty()) {
            Answer answer = ask(api);
            LimitPolicy.parse(answer.header("RateLimit-Policy")).stream()
                    .filter(limit -> limit.name().equals(LIMIT))
                    .forEach(limit -> told.add(limit.quota()));
            if (answer.status() == 200
                    && answer.json().path("unit").asString("").equals("bar")) {
                admitted++;
            } else if (isRefused(answer, LIMIT)) {
                refused++;
            } else {
                failures.add(answer.status() + " " + answer.text());
            }
        }
        return new ProductTally(tier, quota, List.copyOf(told), admitted, refused, failures);
    }

    /** Waits while it is only the rate that refuses: the steps before have used it up. */
    private Answer ask(ApiClient api) {
        Answer answer = send(api);
        for (int pauses = 0; pauses < MOST_PAUSES && answer.status() == 429 && !isRefused(answer, LIMIT); pauses++) {
            Waiting.pause(RATE_PAUSE);
            answer = send(api);
        }
        return answer;
    }

    private Answer send(ApiClient api) {
        try {
            return api.send("GET", path, "", new byte[0]);
        } catch (IOException e) {
            throw new DemoFailedException("the gateway broke the connection", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailedException("interrupted", e);
        }
    }

    private static boolean isRefused(Answer answer, String limit) {
        return answer.status() == 429
                && answer.json()
                        .path("violated-policies")
                        .valueStream()
                        .anyMatch(name -> name.asString("").equals(limit));
    }
}
