package dev.sluice.metrics.health;

import java.util.List;

/** What the rules say, with a sentence for each figure that is past its threshold. */
public record CacheVerdict(Status status, List<String> warnings) {
    /** From good to bad. */
    public enum Status {
        HEALTHY,
        WARNING,
        DEGRADED
    }

    public CacheVerdict {
        warnings = List.copyOf(warnings);
    }
}
