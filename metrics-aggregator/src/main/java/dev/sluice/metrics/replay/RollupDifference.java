package dev.sluice.metrics.replay;

import dev.sluice.record.Rollup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A window of which the log says something else than what was stored of it.
 *
 * @param stored null when nothing is
 * @param replayed null when nothing was counted
 */
public record RollupDifference(
        String key, @Nullable Rollup stored, @Nullable Rollup replayed) {

    /** Every window that differs, by key. */
    static List<RollupDifference> between(Map<String, Rollup> stored, Map<String, Rollup> replayed) {
        Set<String> keys = new TreeSet<>(stored.keySet());
        keys.addAll(replayed.keySet());
        List<RollupDifference> differences = new ArrayList<>();
        for (String key : keys) {
            Rollup first = stored.get(key);
            Rollup again = replayed.get(key);
            if (first == null || !first.equals(again)) {
                differences.add(new RollupDifference(key, first, again));
            }
        }
        return differences;
    }

    /** What it is, for people: the counts that differ, or that one of them is not there. */
    public String words() {
        if (stored == null) {
            return "not stored";
        }
        if (replayed == null) {
            return "not on the log";
        }
        Set<String> names = new HashSet<>(stored.getCounts().keySet());
        names.addAll(replayed.getCounts().keySet());
        return new TreeSet<>(names)
                .stream()
                        .flatMap(name -> count(name).stream())
                        .reduce((left, right) -> left + ", " + right)
                        .orElse("the counts are equal, the latencies are not");
    }

    private Optional<String> count(String name) {
        Long first = stored == null ? null : stored.getCounts().get(name);
        Long again = replayed == null ? null : replayed.getCounts().get(name);
        return first != null && first.equals(again)
                ? Optional.empty()
                : Optional.of("%s: %s stored, %s counted".formatted(name, first, again));
    }
}
