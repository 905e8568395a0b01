package dev.sluice.metrics.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SeriesAnswerTest {
    private static final Instant FROM = Instant.parse("2026-01-01T10:00:00Z");
    private static final SeriesRange RANGE = new SeriesRange(1, Duration.ofMinutes(1), FROM, FROM.plusSeconds(180));
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void windowsWithoutReadsAreThereWithZeros() {
        JsonNode series =
                JSON.valueToTree(SeriesAnswer.of(RANGE, null, counted())).get("series");
        assertThat(series.findValuesAsString("start"))
                .containsExactly("2026-01-01T10:00:00Z", "2026-01-01T10:01:00Z", "2026-01-01T10:02:00Z");
        assertThat(series.findValuesAsString("total_requests")).containsExactly("0", "2", "0");
        assertThat(series.get(0).get("p99_response_time_ms").isNull()).isTrue();
    }

    @Test
    void aSheetHasTheSameFiguresAndNothingWhereNothingIsKnown() {
        List<String> lines = SeriesAnswer.csv(RANGE, counted()).toList();
        assertThat(lines)
                .containsExactly(
                        "start,total_requests,cache_hits,cache_misses,hit_rate,miss_rate,error_rate,"
                                + "avg_response_time_ms,p50_response_time_ms,p95_response_time_ms,"
                                + "p99_response_time_ms,p999_response_time_ms,slow_requests,distinct_keys,"
                                + "cold_misses,expired_misses,evicted_misses,invalidated_misses,unexplained_misses\r\n",
                        "2026-01-01T10:00:00Z,0,0,0,0.0,0.0,0.0,,,,,,0,0,0,0,0,0,0\r\n",
                        "2026-01-01T10:01:00Z,2,1,1,0.5,0.5,0.0,1.0,1.0,1.0,1.0,1.0,0,1,0,0,0,0,1\r\n",
                        "2026-01-01T10:02:00Z,0,0,0,0.0,0.0,0.0,,,,,,0,0,0,0,0,0,0\r\n");
        assertThat(NamedFigures.of(new CacheTally()).texts()).hasSameSizeAs(NamedFigures.NAMES);
    }

    @Test
    void whatAnotherInstanceSendsAddsUp() {
        CacheSeries sum = counted().plus(CacheSeries.decode(counted().encode()));
        assertThat(sum.tally(FROM.plusSeconds(60).toEpochMilli()).reads()).isEqualTo(4);
    }

    private static CacheSeries counted() {
        CacheTally hit = new CacheTally();
        hit.add(ReadOutcome.L1_HIT, 1_000_000, 10, 7);
        CacheTally miss = new CacheTally();
        miss.add(ReadOutcome.MISS, 1_000_000, 0, 7);
        CacheSeries series = new CacheSeries();
        series.add(FROM.plusSeconds(60).toEpochMilli(), hit);
        series.add(FROM.plusSeconds(60).toEpochMilli(), miss);
        return series;
    }
}
