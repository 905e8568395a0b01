package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.percentile.LatencySummary;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.webhook.WebhookBacklog;
import dev.sluice.metrics.webhook.WebhookTally;
import dev.sluice.metrics.webhook.WebhookTally.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The shapes of the answers about deliveries to webhooks. */
final class WebhookAnswers {
    private WebhookAnswers() {}

    /**
     * Attempts to deliver. Rates are shares from 0 to 1, times milliseconds; without attempts the rates are 0 and the times null.
     *
     * @param failures attempts that the receiver did not take: those to be tried again, and those after which the delivery was dead
     * @param success_rate of the attempts
     * @param first_success_rate of the attempts that were the first of their delivery
     * @param p95_delivery_time_ms from when a delivery was made until its receiver had it
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Figures(
            long attempts,
            long delivered,
            long failures,
            long retried,
            long dead,
            double success_rate,
            double failure_rate,
            double first_success_rate,
            long unanswered,
            long client_errors,
            long server_errors,
            @Nullable Double avg_response_time_ms,
            @Nullable Double p50_response_time_ms,
            @Nullable Double p95_response_time_ms,
            @Nullable Double p99_response_time_ms,
            @Nullable Double p50_delivery_time_ms,
            @Nullable Double p95_delivery_time_ms,
            @Nullable Double p99_delivery_time_ms,
            @Nullable Instant last_failure_at,
            @Nullable Integer last_failure_status) {
        static Figures of(WebhookTally tally) {
            LatencySummary answered = tally.attempts().summarize();
            LatencySummary delivered = tally.deliveries().summarize();
            long attempts = tally.count(Count.ATTEMPTS);
            long failures = attempts - tally.count(Count.DELIVERED);
            boolean hasFailed = tally.lastFailureMillis() > 0;
            return new Figures(
                    attempts,
                    tally.count(Count.DELIVERED),
                    failures,
                    tally.count(Count.RETRIED),
                    tally.count(Count.DEAD),
                    NamedFigures.share(tally.count(Count.DELIVERED), attempts),
                    NamedFigures.share(failures, attempts),
                    NamedFigures.share(tally.count(Count.DELIVERED_AT_FIRST), tally.count(Count.FIRST_ATTEMPTS)),
                    tally.count(Count.UNANSWERED),
                    tally.count(Count.CLIENT_ERRORS),
                    tally.count(Count.SERVER_ERRORS),
                    NamedFigures.millis(answered, LatencySummary::averageNanos),
                    NamedFigures.millis(answered, LatencySummary::p50Nanos),
                    NamedFigures.millis(answered, LatencySummary::p95Nanos),
                    NamedFigures.millis(answered, LatencySummary::p99Nanos),
                    NamedFigures.millis(delivered, LatencySummary::p50Nanos),
                    NamedFigures.millis(delivered, LatencySummary::p95Nanos),
                    NamedFigures.millis(delivered, LatencySummary::p99Nanos),
                    hasFailed ? Instant.ofEpochMilli(tally.lastFailureMillis()) : null,
                    tally.lastFailureStatus() > 0 ? tally.lastFailureStatus() : null);
        }
    }

    /**
     * What waits for a webhook, now and whatever the window is.
     *
     * @param state {@code none} or {@code waits}
     * @param pending deliveries that wait, as their dispatcher counted them a few seconds ago; null when they are not counted
     * @param waiting_since when the oldest delivery was made that waits; null when there is none or it is not known
     * @param lag_seconds how long ago that is
     * @param breaker {@code open} while nothing but a probe is begun, after failures in a row, else {@code closed}
     * @param next_attempt_at when the next request is begun; null when nothing is to be waited for
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Backlog(
            String state,
            @Nullable Long pending,
            @Nullable Instant waiting_since,
            @Nullable Double lag_seconds,
            String breaker,
            @Nullable Instant next_attempt_at) {
        private static final double MILLIS = 1000.0;

        static Backlog of(@Nullable WebhookBacklog backlog, Instant now) {
            if (backlog == null) {
                return new Backlog("none", 0L, null, null, "closed", null);
            }
            Instant since = backlog.waitingSince();
            return new Backlog(
                    "waits",
                    backlog.pending(),
                    since,
                    since == null
                            ? null
                            : Math.max(0, Duration.between(since, now).toMillis()) / MILLIS,
                    backlog.isOpen() ? "open" : "closed",
                    backlog.nextAttemptAt());
        }
    }

    /** One webhook, by its id; the backlog is null while it is not known who is behind. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Webhook(
            String webhook,
            @JsonUnwrapped Figures figures,
            @Nullable Backlog backlog) {}

    /**
     * All attempts together, and by webhook, those with the most failures first. A webhook that is behind is there without attempts too.
     *
     * @param webhooks_behind of how many deliveries wait; null while that is not known
     * @param oldest_waiting_since of all that wait; null when none does or it is not known
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Webhooks(
            @JsonUnwrapped Period period,
            @Nullable Instant asOf,
            @Nullable FreshnessView freshness,
            @JsonUnwrapped Figures figures,
            @Nullable Integer webhooks_behind,
            @Nullable Instant oldest_waiting_since,
            int total,
            List<Webhook> webhooks) {
        /** @param backlogs of those that are behind; null while it is not known which are */
        static Webhooks of(
                Period period,
                @Nullable Freshness freshness,
                NamedStats<WebhookTally> stats,
                @Nullable SortedMap<String, WebhookBacklog> backlogs,
                int limit) {
            SortedMap<String, WebhookTally> tallies = new TreeMap<>(stats.byName());
            SortedMap<String, WebhookBacklog> behind = backlogs == null ? Collections.emptySortedMap() : backlogs;
            behind.keySet().forEach(id -> tallies.computeIfAbsent(id, absent -> new WebhookTally()));
            List<Webhook> webhooks = new ArrayList<>();
            tallies.forEach((id, tally) -> webhooks.add(new Webhook(
                    id, Figures.of(tally), backlogs == null ? null : Backlog.of(behind.get(id), period.to()))));
            webhooks.sort(Comparator.comparingLong(
                            (Webhook webhook) -> webhook.figures().failures())
                    .thenComparingLong(webhook -> webhook.figures().attempts())
                    .reversed());
            return new Webhooks(
                    period,
                    freshness == null ? null : freshness.completeTo(),
                    FreshnessView.of(freshness),
                    Figures.of(stats.total()),
                    backlogs == null ? null : behind.size(),
                    behind.values().stream()
                            .map(WebhookBacklog::waitingSince)
                            .filter(Objects::nonNull)
                            .min(Comparator.naturalOrder())
                            .orElse(null),
                    webhooks.size(),
                    webhooks.stream().limit(limit).toList());
        }
    }
}
