package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CacheFiguresTest {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final Period PERIOD = new Period("PT1H", NOW.minusSeconds(3600), NOW);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void emptyDataAreZerosWithNullLatencies() {
        JsonNode answer = JSON.valueToTree(CacheAnswers.Stats.of(PERIOD, null, new CacheStats()));
        assertThat(answer.toString())
                .isEqualTo("{\"window\":\"PT1H\",\"from\":\"2026-01-01T09:00:00Z\",\"to\":\"2026-01-01T10:00:00Z\","
                        + "\"asOf\":null,\"freshness\":null,\"reads\":0,\"hits\":0,\"misses\":0,\"hitRate\":0.0,"
                        + "\"outcomes\":{\"l1_hit\":0,\"l2_hit\":0,\"stale\":0,\"miss\":0,\"negative\":0,\"error\":0,"
                        + "\"unknown\":0},\"bytes\":0,\"latency\":{\"unit\":\"ms\",\"count\":0,\"avg\":null,"
                        + "\"min\":null,\"max\":null,\"p50\":null,\"p95\":null,\"p99\":null},\"namespaces\":[]}");
    }

    @Test
    void whatAnotherInstanceSendsAddsUpAsIfItWereReadHere() {
        CacheStats here = new CacheStats();
        here.add(new CacheDimension("acme", "feed", "a"), tally(3, 1));
        CacheStats there = new CacheStats();
        there.add(new CacheDimension("acme", "feed", "a"), tally(1, 1));
        there.add(new CacheDimension("acme", "séarch", "b"), tally(0, 4));

        here.plus(CacheStats.decode(there.encode()));

        assertThat(here.total().reads()).isEqualTo(10);
        assertThat(here.byNamespace().keySet()).containsExactly("feed", "séarch");
        assertThat(here.byPattern())
                .isEqualTo(Map.of("feed", Map.of("a", tally(4, 2)), "séarch", Map.of("b", tally(0, 4))));
    }

    @Test
    void namespacesAddUpToTheTotal() {
        CacheStats stats = new CacheStats();
        stats.add(new CacheDimension("acme", "feed", "a"), tally(3, 1));
        stats.add(new CacheDimension("acme", "feed", "b"), tally(1, 1));
        stats.add(new CacheDimension("acme", "search", "a"), tally(0, 4));

        CacheAnswers.Stats answer = CacheAnswers.Stats.of(PERIOD, null, stats);

        assertThat(answer.figures().reads()).isEqualTo(10);
        assertThat(answer.figures().hitRate()).isEqualTo(0.4);
        assertThat(answer.namespaces())
                .extracting(entry -> entry.namespace() + " " + entry.figures().hits() + " "
                        + entry.figures().misses())
                .containsExactly("feed 4 2", "search 0 4");
    }

    @Test
    void patternsAreSortedByReadsAndCut() {
        CacheStats stats = new CacheStats();
        stats.add(new CacheDimension("acme", "feed", "few"), tally(1, 0));
        stats.add(new CacheDimension("acme", "search", "many"), tally(5, 5));
        stats.add(new CacheDimension("acme", "feed", "some"), tally(2, 0));

        CacheAnswers.Patterns answer = CacheAnswers.Patterns.of(PERIOD, null, stats, 2);

        assertThat(answer.total()).isEqualTo(3);
        assertThat(answer.patterns())
                .extracting(CacheAnswers.PatternStats::pattern)
                .containsExactly("many", "some");
    }

    @Test
    void latenciesAreMilliseconds() {
        CacheTally tally = new CacheTally();
        tally.add(ReadOutcome.MISS, 1_500_001, 0);
        assertThat(CacheFigures.of(tally).latency())
                .isEqualTo(new LatencyFigures("ms", 1, 1.500001, 1.500001, 1.500001, 1.500001, 1.500001, 1.500001));
    }

    @Test
    void healthHasTheShapeThatMonitoringExpects() {
        JsonNode answer = JSON.valueToTree(CacheAnswers.Health.of(tally(1, 3), NOW));
        assertThat(answer.propertyNames())
                .containsExactly(
                        "status",
                        "hit_rate",
                        "avg_response_time_ms",
                        "p95_response_time_ms",
                        "total_requests",
                        "warnings",
                        "timestamp");
        assertThat(answer.get("status").asString()).isEqualTo("degraded");
    }

    private static CacheTally tally(int hits, int misses) {
        CacheTally tally = new CacheTally();
        for (int i = 0; i < hits; i++) {
            tally.add(ReadOutcome.L1_HIT, 1_000_000, 10);
        }
        for (int i = 0; i < misses; i++) {
            tally.add(ReadOutcome.MISS, 2_000_000, 0);
        }
        return tally;
    }
}
