package dev.sluice.metrics.health;

import dev.sluice.metrics.health.HealthRule.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the rules say, with a sentence for each figure that is past its threshold. */
public record CacheVerdict(Status status, List<String> warnings) {
    /** From good to bad. */
    public enum Status {
        HEALTHY,
        WARNING,
        DEGRADED;

        boolean isWorseThan(Status other) {
            return compareTo(other) > 0;
        }
    }

    public CacheVerdict {
        warnings = List.copyOf(warnings);
    }

    static CacheVerdict of(List<Finding> findings) {
        return new CacheVerdict(
                worst(findings).map(Finding::status).orElse(Status.HEALTHY),
                findings.stream().map(Finding::sentence).toList());
    }

    static Optional<Finding> worst(List<Finding> findings) {
        return findings.stream().max(Comparator.comparing(Finding::status));
    }

    /** A rule and what was measured for it. */
    record Measured(HealthRule rule, double value) {
        static List<Finding> findings(List<Measured> all, double margin) {
            List<Finding> found = new ArrayList<>();
            all.forEach(one -> one.rule().find(one.value(), margin).ifPresent(found::add));
            return found;
        }
    }
}
