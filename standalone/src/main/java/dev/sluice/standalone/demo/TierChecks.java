package dev.sluice.standalone.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What must be true of traffic on several tiers. Pure.
 *
 * @param tiers the limits of each tier that cover every request
 * @param counted what the gateway counted meanwhile
 */
record TierChecks(
        List<TierReport> reports,
        Map<String, Set<LimitPolicy>> tiers,
        GatewayDecisions counted,
        DemoTarget.Company company) {

    boolean passed() {
        return all().stream().allMatch(Check::passed);
    }

    List<Check> all() {
        return Stream.of(reports.stream().flatMap(this::ofTier), ofRefusals(), ofGateway())
                .flatMap(checks -> checks)
                .toList();
    }

    private Stream<Check> ofTier(TierReport report) {
        Set<LimitPolicy> limits = Set.copyOf(report.limits());
        return Stream.of(
                Check.that(
                        report.tier() + ": RateLimit-Policy is its tier's",
                        !limits.isEmpty() && limits.equals(tiers.get(report.tier())),
                        String.join(" or ", report.policies())),
                Check.that(
                        report.tier() + ": admitted within its limits",
                        report.admitted() > 0 && report.admitted() <= report.allowed(),
                        "%d of at most %d in %.1f s"
                                .formatted(
                                        report.admitted(),
                                        report.allowed(),
                                        report.elapsed().toMillis() / 1e3)));
    }

    private Stream<Check> ofRefusals() {
        long sent = sum(TierReport::sent);
        long answered = sum(TierReport::admitted) + sum(TierReport::refused);
        List<String> failures = new ArrayList<>(List.of(answered + " of " + sent));
        reports.forEach(report -> failures.addAll(report.failures()));
        return Stream.of(
                Check.that("requests admitted or refused", answered == sent, String.join("; ", failures)),
                Check.that("free was refused some", refused("free") > 0, refused("free") + " × 429"),
                Check.that("unlimited was refused none", refused("unlimited") == 0, refused("unlimited") + " × 429"),
                Check.equal(
                        "429s with Retry-After and the limits reached",
                        sum(TierReport::refused),
                        sum(TierReport::explained)));
    }

    private Stream<Check> ofGateway() {
        return Stream.of(
                ofGateway("admissions counted by the gateway", sum(TierReport::admitted), counted.admitted()),
                ofGateway("refusals counted by the gateway", sum(TierReport::refused), counted.refused()));
    }

    private Check ofGateway(String name, long seen, long count) {
        return switch (company) {
            case ALONE -> Check.equal(name, seen, count);
            case MAYBE_OTHERS -> Check.that(name, count >= seen, count + ", of which " + seen + " are the demo's");
        };
    }

    private long refused(String tier) {
        return reports.stream()
                .filter(report -> report.tier().equals(tier))
                .mapToLong(TierReport::refused)
                .sum();
    }

    private long sum(ToLongFunction<TierReport> figure) {
        return reports.stream().mapToLong(figure).sum();
    }
}
