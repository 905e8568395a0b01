package dev.sluice.metrics.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.sluice.metrics.freshness.Freshness;
import dev.sluice.metrics.health.CacheAdvice;
import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.health.CacheVerdict;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.MissCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shapes of the answers about the cache. */
final class CacheAnswers {
    private CacheAnswers() {}

    /** What was looked at. The end is now, so the last window is still filling. */
    record Period(String window, Instant from, Instant to) {}

    /**
     * All reads of a tenant.
     *
     * @param asOf every read that was in the log by then is counted; null when that is not known yet
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Stats(
            @JsonUnwrapped Period period,
            @Nullable Instant asOf,
            @Nullable FreshnessView freshness,
            @JsonUnwrapped CacheFigures figures,
            @JsonUnwrapped OriginFigures origin,
            List<NamespaceStats> namespaces) {
        static Stats of(Period period, @Nullable Freshness freshness, CacheStats stats) {
            List<NamespaceStats> namespaces = new ArrayList<>();
            List<CacheTally> patterns = new ArrayList<>();
            stats.byPattern().forEach((namespace, tallies) -> {
                patterns.addAll(tallies.values());
                namespaces.add(new NamespaceStats(
                        namespace,
                        CacheFigures.of(stats.byNamespace().getOrDefault(namespace, new CacheTally())),
                        OriginFigures.of(tallies.values())));
            });
            return new Stats(
                    period,
                    freshness == null ? null : freshness.completeTo(),
                    FreshnessView.of(freshness),
                    CacheFigures.of(stats.total()),
                    OriginFigures.of(patterns),
                    namespaces);
        }
    }

    record NamespaceStats(
            String namespace,
            @JsonUnwrapped CacheFigures figures,
            @JsonUnwrapped OriginFigures origin) {}

    /** Reads by key pattern, most read first. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Patterns(
            @JsonUnwrapped Period period,
            @Nullable Instant asOf,
            @Nullable FreshnessView freshness,
            int total,
            List<PatternStats> patterns) {
        static Patterns of(Period period, @Nullable Freshness freshness, CacheStats stats, KeyGlob asked, int limit) {
            List<PatternStats> patterns = new ArrayList<>();
            stats.forEachPattern((namespace, pattern, tally) -> {
                if (asked.matches(pattern)) {
                    patterns.add(new PatternStats(
                            namespace, pattern, CacheFigures.of(tally), OriginFigures.of(List.of(tally))));
                }
            });
            patterns.sort(Comparator.comparingLong(
                            (PatternStats pattern) -> pattern.figures().reads())
                    .reversed());
            return new Patterns(
                    period,
                    freshness == null ? null : freshness.completeTo(),
                    FreshnessView.of(freshness),
                    patterns.size(),
                    patterns.stream().limit(limit).toList());
        }
    }

    record PatternStats(
            String namespace,
            String pattern,
            @JsonUnwrapped CacheFigures figures,
            @JsonUnwrapped OriginFigures origin) {}

    /** Patterns that hit less often than they should, those with the most misses first, each with what to do about it. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LowPerformers(
            @JsonUnwrapped Period period,
            @Nullable Instant asOf,
            @Nullable FreshnessView freshness,
            double threshold,
            int total,
            List<LowPerformer> patterns) {
        /** @param replays what twice the TTL would bring, by namespace */
        static LowPerformers of(
                Period period,
                @Nullable Freshness freshness,
                CacheStats stats,
                Map<String, String> replays,
                double threshold,
                int limit) {
            List<LowPerformer> patterns = new ArrayList<>();
            stats.forEachPattern((namespace, pattern, tally) -> {
                if (tally.hits() < threshold * tally.reads()) {
                    patterns.add(LowPerformer.of(namespace, pattern, tally, replays.get(namespace)));
                }
            });
            patterns.sort(Comparator.comparingLong(
                            (LowPerformer pattern) -> pattern.figures().cache_misses())
                    .reversed());
            return new LowPerformers(
                    period,
                    freshness == null ? null : freshness.completeTo(),
                    FreshnessView.of(freshness),
                    threshold,
                    patterns.size(),
                    patterns.stream().limit(limit).toList());
        }
    }

    /**
     * One of them.
     *
     * @param basis whether the recommendation was measured, or is general
     * @param ttl_replay of one that was missed because values had expired, what twice the TTL would bring its namespace; null where that is not known
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record LowPerformer(
            String namespace,
            String pattern,
            @JsonUnwrapped NamedFigures figures,
            String recommendation,
            String basis,
            @Nullable String ttl_replay) {
        static LowPerformer of(String namespace, String pattern, CacheTally tally, @Nullable String replay) {
            CacheAdvice advice = CacheAdvice.of(namespace, pattern, tally);
            return new LowPerformer(
                    namespace,
                    pattern,
                    NamedFigures.of(tally),
                    advice.recommendation(),
                    advice.basis(),
                    tally.count(MissCause.EXPIRED) > 0 ? replay : null);
        }
    }

    /** What the health rules say; names as monitoring tools expect them. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Health(
            String status,
            double hit_rate,
            @Nullable Double avg_response_time_ms,
            @Nullable Double p95_response_time_ms,
            long total_requests,
            List<String> warnings,
            Instant timestamp) {
        static Health of(CacheHealthRules rules, CacheTally tally, Instant now) {
            CacheFigures figures = CacheFigures.of(tally);
            CacheVerdict verdict = rules.judge(tally);
            return new Health(
                    verdict.status().name().toLowerCase(Locale.ROOT),
                    figures.hitRate(),
                    figures.latency().avg(),
                    figures.latency().p95(),
                    figures.reads(),
                    verdict.warnings(),
                    now);
        }
    }
}
