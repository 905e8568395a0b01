package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.health.CacheHealthRules;
import dev.sluice.metrics.health.HealthProperties;
import dev.sluice.metrics.query.CacheAnswers.Period;
import dev.sluice.metrics.tally.CacheDimension;
import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
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
                        + "\"min\":null,\"max\":null,\"p50\":null,\"p95\":null,\"p99\":null},"
                        + "\"total_requests\":0,\"cache_hits\":0,\"cache_misses\":0,\"hit_rate\":0.0,"
                        + "\"miss_rate\":0.0,\"error_rate\":0.0,\"avg_response_time_ms\":null,"
                        + "\"p50_response_time_ms\":null,\"p95_response_time_ms\":null,"
                        + "\"p99_response_time_ms\":null,\"p999_response_time_ms\":null,\"slow_requests\":0,"
                        + "\"distinct_keys\":0,\"cold_misses\":0,\"expired_misses\":0,\"evicted_misses\":0,"
                        + "\"invalidated_misses\":0,\"unexplained_misses\":0,\"origin_time_saved_ms\":null,"
                        + "\"avg_origin_load_ms\":null,\"origin_loads_measured\":0,\"origin_hits_covered\":0,"
                        + "\"namespaces\":[]}");
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

        CacheAnswers.Patterns answer = CacheAnswers.Patterns.of(PERIOD, null, stats, new KeyGlob("*"), 2);

        assertThat(answer.total()).isEqualTo(3);
        assertThat(answer.patterns())
                .extracting(CacheAnswers.PatternStats::pattern)
                .containsExactly("many", "some");
    }

    @Test
    void onlyThePatternsThatAreAskedForAreShown() {
        CacheStats stats = new CacheStats();
        stats.add(new CacheDimension("acme", "timeline", "feed:*"), tally(1, 0));
        stats.add(new CacheDimension("acme", "timeline", "feed:*:page:*"), tally(5, 5));
        stats.add(new CacheDimension("acme", "timeline", "user:*"), tally(2, 0));

        assertThat(CacheAnswers.Patterns.of(PERIOD, null, stats, new KeyGlob("feed:*"), 9)
                        .patterns())
                .extracting(CacheAnswers.PatternStats::pattern)
                .containsExactly("feed:*:page:*", "feed:*");
    }

    @Test
    void theFiguresHaveTheNamesThatMonitoringExpects() {
        CacheTally tally = tally(3, 1);
        tally.add(ReadOutcome.ERROR, 200_000_000, 0, 1);
        JsonNode answer = JSON.valueToTree(CacheFigures.of(tally));

        assertThat(answer.get("total_requests").asLong()).isEqualTo(5);
        assertThat(answer.get("cache_hits").asLong()).isEqualTo(3);
        assertThat(answer.get("cache_misses").asLong()).isEqualTo(2);
        assertThat(answer.get("hit_rate").asDouble()).isEqualTo(0.6);
        assertThat(answer.get("miss_rate").asDouble()).isEqualTo(0.4);
        assertThat(answer.get("error_rate").asDouble()).isEqualTo(0.2);
        assertThat(answer.get("avg_response_time_ms").asDouble()).isEqualTo(41);
        assertThat(answer.get("p50_response_time_ms").asDouble()).isBetween(0.99, 1.01);
        assertThat(answer.get("p95_response_time_ms").asDouble()).isBetween(1.98, 2.02);
        assertThat(answer.get("slow_requests").asLong()).isEqualTo(1);
        assertThat(answer.get("distinct_keys").asLong()).isEqualTo(1);
    }

    @Test
    void theTimeSavedIsOfEachPatternByItsOwnLoads() {
        CacheStats stats = new CacheStats();
        CacheTally slow = tally(3, 0);
        slow.add(load(200_000));
        slow.add(load(100_000));
        CacheTally fast = tally(10, 0);
        fast.add(load(1_000));
        stats.add(new CacheDimension("acme", "feed", "slow"), slow);
        stats.add(new CacheDimension("acme", "feed", "fast"), fast);
        stats.add(new CacheDimension("acme", "other", "unmeasured"), tally(100, 1));

        JsonNode answer = JSON.valueToTree(CacheAnswers.Stats.of(PERIOD, null, stats));
        assertThat(answer.get("origin_time_saved_ms").asDouble()).isEqualTo(3 * 150 + 10 * 1);
        assertThat(answer.get("avg_origin_load_ms").asDouble()).isEqualTo(100.333);
        assertThat(answer.get("origin_loads_measured").asLong()).isEqualTo(3);
        assertThat(answer.get("origin_hits_covered").asLong()).isEqualTo(13);
        assertThat(answer.at("/namespaces/1/origin_time_saved_ms").isNull()).isTrue();
    }

    @Test
    void theKeysThatAreReadMostAreThereByHashWithTheirError() {
        CacheStats stats = new CacheStats();
        CacheTally tally = new CacheTally();
        for (int i = 0; i < 30; i++) {
            tally.add(ReadOutcome.L1_HIT, 1, 1, i % 3 == 0 ? 0xabcL : -i);
        }
        stats.add(new CacheDimension("acme", "feed", "user:*"), tally);
        stats.add(new CacheDimension("acme", "feed", "page:*"), tally(5, 0));

        JsonNode answer = JSON.valueToTree(TopKeys.of(PERIOD, null, stats, new KeyGlob("user:*"), 2));
        assertThat(answer.get("total_requests").asLong()).isEqualTo(30);
        assertThat(answer.get("max_error").asLong()).isZero();
        assertThat(answer.get("keys").size()).isEqualTo(2);
        assertThat(answer.at("/keys/0").toString())
                .isEqualTo("{\"namespace\":\"feed\",\"pattern\":\"user:*\",\"key_hash\":\"0000000000000abc\","
                        + "\"count\":10,\"max_error\":0,\"share\":0.3333333333333333}");
    }

    private static CacheRead load(long micros) {
        return CacheRead.newBuilder()
                .setOffsetMicros(0)
                .setOutcome(CacheOutcome.MISS)
                .setLatencyNanos(1)
                .setSizeBytes(1)
                .setKeyHash(1)
                .setMissClass(MissClass.COLD)
                .setLoadMicros(micros)
                .build();
    }

    @Test
    void lowPerformersAreThoseBelowTheThresholdWithTheMostMissesFirst() {
        CacheStats stats = new CacheStats();
        stats.add(new CacheDimension("acme", "feed", "half"), tally(2, 2));
        stats.add(new CacheDimension("acme", "feed", "few"), tally(0, 1));
        stats.add(new CacheDimension("acme", "search", "many"), tally(3, 9));

        CacheAnswers.LowPerformers answer = CacheAnswers.LowPerformers.of(PERIOD, null, stats, Map.of(), 0.5, 1);

        assertThat(answer.total()).isEqualTo(2);
        JsonNode first = JSON.valueToTree(answer).get("patterns").get(0);
        assertThat(first.get("pattern").asString()).isEqualTo("many");
        assertThat(first.get("hit_rate").asDouble()).isEqualTo(0.25);
        assertThat(first.get("total_requests").asLong()).isEqualTo(12);
        assertThat(first.get("recommendation").asString()).contains("broader");
        assertThat(first.get("basis").asString()).isEqualTo("general");
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
        JsonNode answer = JSON.valueToTree(CacheAnswers.Health.of(
                new CacheHealthRules(HealthProperties.usual().cache()), tally(1, 3), NOW));
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
