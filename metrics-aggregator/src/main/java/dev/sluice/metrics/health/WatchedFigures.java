package dev.sluice.metrics.health;

import dev.sluice.metrics.health.CacheVerdict.Measured;
import dev.sluice.metrics.health.CacheVerdict.Status;
import dev.sluice.metrics.health.HealthProperties.Alerts;
import dev.sluice.metrics.health.HealthRule.Finding;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.traffic.RouteTally;
import dev.sluice.metrics.traffic.RouteTally.Count;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The figures of a tenant as alerts look at them. Pure. */
public final class WatchedFigures {

    private final long samples;
    private final List<Measured> measured;

    private WatchedFigures(long samples, List<Measured> measured) {
        this.samples = samples;
        this.measured = measured;
    }

    public static WatchedFigures of(CacheHealthRules rules, CacheTally tally) {
        return new WatchedFigures(tally.reads(), rules.measure(tally));
    }

    public static WatchedFigures of(TrafficHealthRules rules, RouteTally tally) {
        return new WatchedFigures(tally.count(Count.REQUESTS), rules.measure(tally));
    }

    /**
     * What is to be said about them.
     *
     * @param value the figure that is worst, or else the first
     * @param threshold the one that it is past, or 0
     */
    public record Said(Status status, double value, double threshold, List<String> sentences) {}

    /** What is true after a look at the figures; what was before, when there are too few of them. */
    public Hysteresis look(Hysteresis before, Instant now, Alerts terms) {
        return samples < terms.minSamples()
                ? Hysteresis.at(before.status())
                : before.next(now, statusWith(0), statusWith(terms.margin()), terms.hold());
    }

    /** In words, for a verdict that was reached. */
    public Said say(Status status) {
        List<Finding> findings = Measured.findings(measured, 0);
        Optional<Finding> worst = CacheVerdict.worst(findings);
        return new Said(
                status,
                worst.map(Finding::measured)
                        .orElseGet(() ->
                                measured.isEmpty() ? 0 : measured.getFirst().value()),
                worst.map(Finding::threshold).orElse(0.0),
                findings.stream().map(Finding::sentence).toList());
    }

    private Status statusWith(double margin) {
        return CacheVerdict.worst(Measured.findings(measured, margin))
                .map(Finding::status)
                .orElse(Status.HEALTHY);
    }
}
