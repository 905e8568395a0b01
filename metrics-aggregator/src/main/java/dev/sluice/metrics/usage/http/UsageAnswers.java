package dev.sluice.metrics.usage.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.query.FreshnessView;
import dev.sluice.metrics.usage.UsageTally;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes of the answers about usage. */
final class UsageAnswers {
    /** Of a tenant with more keys, those used most. */
    private static final int MAX_KEYS = 100;

    private UsageAnswers() {}

    /** A tally as answers show it: requests = admitted + limited. */
    record Figures(
            long requests,
            long admitted,
            long limited,
            long clientErrors,
            long serverErrors,
            long requestBytes,
            long responseBytes,
            long cost) {
        static Figures of(UsageTally tally) {
            return new Figures(
                    tally.requests(),
                    tally.admitted(),
                    tally.limited(),
                    tally.clientErrors(),
                    tally.serverErrors(),
                    tally.requestBytes(),
                    tally.responseBytes(),
                    tally.cost());
        }
    }

    /** What was used from then until the next point. */
    record Point(Instant from, @JsonUnwrapped Figures figures) {}

    record GroupUsage(String group, @JsonUnwrapped Figures figures) {}

    /** @param key null for requests without a key, such as those with a session */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record KeyUsage(@Nullable String key, @JsonUnwrapped Figures figures) {}

    /** What an answer is about. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Subject(
            String tenant, @Nullable String key, @Nullable String group) {}

    /** What every answer says. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Used(
            @JsonUnwrapped Subject subject,
            String step,
            Instant from,
            Instant to,
            @Nullable Instant asOf,
            @Nullable FreshnessView freshness,
            Figures total,
            List<GroupUsage> groups,
            List<Point> series) {
        /** @param freshness every request that was in the log at the time it names is counted; null when not known yet */
        static Used of(Subject subject, UsageRange range, @Nullable Freshness freshness, UsageSums sums) {
            return new Used(
                    subject,
                    range.step().label(),
                    range.from(),
                    range.to(),
                    freshness == null ? null : freshness.completeTo(),
                    FreshnessView.of(freshness),
                    Figures.of(sums.total()),
                    sums.byGroup().entrySet().stream()
                            .map(group -> new GroupUsage(group.getKey(), Figures.of(group.getValue())))
                            .toList(),
                    sums.points().entrySet().stream()
                            .map(point -> new Point(point.getKey(), Figures.of(point.getValue())))
                            .toList());
        }
    }

    /** What a tenant used, with its keys, most requests first. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record TenantUsage(@JsonUnwrapped Used used, int keysTotal, List<KeyUsage> keys) {
        static TenantUsage of(Used used, UsageSums sums) {
            List<KeyUsage> keys = sums.byKey().entrySet().stream()
                    .sorted(Comparator.comparingLong((Map.Entry<String, UsageTally> key) ->
                                    key.getValue().requests())
                            .reversed()
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(MAX_KEYS)
                    .map(key -> new KeyUsage(key.getKey().isEmpty() ? null : key.getKey(), Figures.of(key.getValue())))
                    .toList();
            return new TenantUsage(used, sums.byKey().size(), keys);
        }
    }
}
