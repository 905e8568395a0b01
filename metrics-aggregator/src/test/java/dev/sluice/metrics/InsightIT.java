package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.topology.Batches;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Reads go onto the log, and what other sizes and TTLs would bring comes out over HTTP. */
class InsightIT extends WholeAggregator {
    private static final String CURVE = "/api/v1/cache/stats/miss-ratio-curve?namespace=";
    private static final String TTLS = "/api/v1/cache/stats/ttl-advice?namespace=";
    private static final String ANOMALIES = "/api/v1/monitoring/anomalies";

    @Test
    void tellsWhatOtherSizesAndTtlsWouldBring() {
        CacheRead[] round = new CacheRead[50];
        for (int key = 0; key < round.length; key++) {
            round[key] = Batches.read(Duration.ofMillis(key), CacheOutcome.L2_HIT, 1000, 10);
            round[key].setKeyHash((key + 1) * 0x9e3779b97f4a7c15L);
        }
        Instant start = Instant.now().minusSeconds(10);
        for (int i = 0; i < 10; i++) {
            publish(Batches.of(tenant, "feed", "user:*", start.plusSeconds(i), round));
        }
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(CURVE + "feed").at("/evidence/reads").asLong() == 500);

        JsonNode curve = get(CURVE + "feed&window=PT2H");
        assertThat(curve.at("/evidence/status").asString()).isEqualTo("ok");
        assertThat(curve.at("/evidence/sampled_reads").asLong()).isEqualTo(500);
        assertThat(curve.at("/evidence/sampled_keys").asLong()).isEqualTo(50);
        assertThat(curve.at("/evidence/sampling_rate").asDouble()).isEqualTo(1);
        assertThat(Instant.parse(curve.at("/evidence/since").asString())).isBefore(Instant.now());
        assertThat(curve.path("max_hit_rate").asDouble()).isEqualTo(0.9);
        assertThat(curve.at("/points/0/hit_rate").asDouble()).isZero();
        assertThat(curve.at("/l1/hit_rate").asDouble()).isZero();
        assertThat(curve.path("changes").findValuesAsString("statement"))
                .anyMatch(text -> text.startsWith("L1 ×2 → hit rate"));

        JsonNode ttls = get(TTLS + "feed");
        assertThat(ttls.at("/evidence/replayed_reads").asLong()).isEqualTo(450);
        assertThat(ttls.at("/hit_rate").asDouble()).isEqualTo(1);
        assertThat(ttls.at("/points/0/ttl_seconds").asDouble()).isEqualTo(1);
        assertThat(ttls.at("/points/0/hit_rate").asDouble())
                .as("read again after a second")
                .isZero();
        assertThat(ttls.at("/points/4/hit_rate").asDouble()).isEqualTo(1);
        assertThat(ttls.path("ttl_seconds").isNull()).isTrue();
        assertThat(ttls.path("recommendation").asString()).contains("0 values are known to have expired");
    }

    @Test
    void saysSoWhereNothingIsKnown() {
        JsonNode curve = get(CURVE + "nobody-reads-this");

        assertThat(curve.at("/evidence/status").asString()).isEqualTo("no_reads");
        assertThat(curve.path("points")).isEmpty();
        assertThat(curve.path("changes")).isEmpty();
        assertThat(curve.path("l1").isNull()).isTrue();
        assertThat(get(TTLS + "nobody-reads-this").path("points")).isEmpty();
        assertThat(get(ANOMALIES).path("judged").asInt(-1)).isZero();
        assertThat(get(ANOMALIES).path("anomalies")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/cache/stats/miss-ratio-curve, namespace",
        "/api/v1/cache/stats/ttl-advice?window=P1D, namespace",
        "/api/v1/cache/stats/miss-ratio-curve?namespace=feed&window=PT90M, window",
        "/api/v1/cache/stats/ttl-advice?namespace=feed&window=P8D, window",
        "/api/v1/cache/stats/ttl-advice?namespace=feed&limit=1, query",
        "/api/v1/monitoring/anomalies?tenant=other, query"
    })
    void refusesWhatItCannotAnswer(String path, String field) {
        assertThat(getProblem(path, 400).path("field").asString()).isEqualTo(field);
    }
}
