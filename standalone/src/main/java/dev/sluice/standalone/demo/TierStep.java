package dev.sluice.standalone.demo;

import dev.sluice.standalone.Console;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Callers of all four tiers at once, the two small ones faster than they may. No tier gets more than its limits allow in
 * the time, and the gateway's own counters say the same as the callers.
 */
final class TierStep implements DemoStep {

    /** How often a tier's caller asks. */
    record Load(String tier, int requestsPerSecond) {}

    /**
     * What unlimited asks for fits into its burst, so that no pause of the machine can make it a refusal. What free asks
     * for is over its limits even when the machine needs three times as long; after that it asks on, alone.
     */
    private static final List<Load> LOADS =
            List.of(new Load("free", 40), new Load("basic", 50), new Load("premium", 60), new Load("unlimited", 70));

    private static final Duration LENGTH = Duration.ofSeconds(4);
    private static final int TRIES = 3;
    private static final Duration UPDATE_INTERVAL = Duration.ofMillis(200);
    private static final String TIERS = "/api/v1/tiers";

    private final DemoTarget target;
    private final Duration length;
    private final Console console;

    TierStep(DemoTarget target, Console console) {
        this(target, LENGTH, console);
    }

    TierStep(DemoTarget target, Duration length, Console console) {
        this.target = target;
        this.length = length;
        this.console = console;
    }

    @Override
    public String title() {
        return "Traffic on four tiers at once, each held to its limits";
    }

    @Override
    public List<Check> run() {
        TierChecks checks = measure();
        // A Redis that was killed meanwhile may have lost its counts: a rate then gives its burst once more.
        for (int attempt = 1;
                attempt < TRIES && !checks.passed() && checks.counted().late() > 0;
                attempt++) {
            console.line("   Redis was late for " + checks.counted().late()
                    + " decisions, which the gateway made alone; once more");
            checks = measure();
        }
        return checks.all();
    }

    private TierChecks measure() {
        Map<String, Set<LimitPolicy>> tiers = fetchTiers();
        GatewayDecisions before = fetchDecisions();
        List<TierReport> reports = makeTraffic();
        GatewayDecisions counted = fetchDecisions().since(before);
        return new TierChecks(reports, tiers, counted, target.company());
    }

    private List<TierReport> makeTraffic() {
        List<TierTraffic> traffic = LOADS.stream().map(this::traffic).toList();
        TierSummary summary = new TierSummary(console);
        List<Thread> threads =
                traffic.stream().map(one -> Thread.ofVirtual().start(one::run)).toList();
        while (threads.stream().anyMatch(Thread::isAlive)) {
            summary.update(reports(traffic));
            Waiting.pause(UPDATE_INTERVAL);
        }
        traffic.stream().filter(one -> one.report().tier().equals("free")).forEach(TierTraffic::insistOnRefusal);
        summary.end(reports(traffic));
        return reports(traffic);
    }

    private TierTraffic traffic(Load load) {
        ApiClient api = new ApiClient(target.gateway(), target.key("dev-" + load.tier()));
        int requests = Math.toIntExact(load.requestsPerSecond() * length.toMillis() / 1_000);
        return new TierTraffic(load.tier(), api, TIERS + "/" + load.tier(), requests, length);
    }

    private static List<TierReport> reports(List<TierTraffic> traffic) {
        return traffic.stream().map(TierTraffic::report).toList();
    }

    /** The enforced limits that cover every request, by tier. */
    private Map<String, Set<LimitPolicy>> fetchTiers() {
        ApiClient api = new ApiClient(target.gateway(), target.key("dev-unlimited"));
        return api.json("GET", TIERS, "", 200)
                .path("data")
                .valueStream()
                .collect(Collectors.toMap(tier -> tier.path("name").asString(), TierStep::limits));
    }

    private static Set<LimitPolicy> limits(JsonNode tier) {
        return tier.path("limits")
                .valueStream()
                .filter(limit -> limit.path("group").asString().equals("*"))
                .filter(limit -> !limit.path("mode").asString().equals("shadow"))
                .map(LimitPolicy::of)
                .collect(Collectors.toSet());
    }

    private GatewayDecisions fetchDecisions() {
        URI actuator = target.actuators().get("api-gateway");
        if (actuator == null) {
            throw new IllegalStateException("no management address of api-gateway");
        }
        ApiClient.Answer answer =
                new ApiClient(actuator).sendUntilAnswered("GET", "/actuator/prometheus", "", new byte[0]);
        return GatewayDecisions.parse(answer.text());
    }
}
