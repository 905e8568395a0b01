package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.metrics.monitoring.Reports;
import dev.sluice.metrics.topology.Batches;
import dev.sluice.metrics.usage.Requests;
import dev.sluice.platform.web.IdentityToken;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CheckStatus;
import dev.sluice.record.HealthReport;
import dev.sluice.record.LimitVerdict;
import dev.sluice.record.RequestEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads go onto the log, answers come out over HTTP. */
class MetricsAggregatorIT extends WholeAggregator {

    @Test
    void countsWhatIsPublishedAndSaysSoOverHttp() {
        Instant now = Instant.now();
        publish(
                Batches.of(tenant, "feed", "user:*", now, read(CacheOutcome.L1_HIT, 1), read(CacheOutcome.MISS, 20)),
                Batches.of(tenant, "feed", "page:*", now, read(CacheOutcome.L2_HIT, 2)),
                Batches.of(tenant, "search", "q:*", now, read(CacheOutcome.MISS, 40)),
                Batches.of(tenant, "feed", "user:*", now.minus(Duration.ofMinutes(3)), read(CacheOutcome.STALE, 3)));

        JsonNode all = awaitReads("/api/v1/cache/stats", 5);
        assertThat(all.path("hits").asLong()).isEqualTo(3);
        assertThat(all.path("misses").asLong()).isEqualTo(2);
        assertThat(all.path("hitRate").asDouble()).isEqualTo(0.6);
        assertThat(all.path("outcomes").path("l1_hit").asLong()).isEqualTo(1);
        assertThat(all.path("window").asString()).isEqualTo("PT1H");
        assertThat(all.path("latency").path("count").asLong()).isEqualTo(5);
        assertThat(all.path("latency").path("min").asDouble()).isEqualTo(1);
        assertThat(all.path("latency").path("max").asDouble()).isEqualTo(40);
        assertThat(all.path("latency").path("p50").asDouble()).isBetween(2.97, 3.03);
        assertThat(all.path("namespaces").size()).isEqualTo(2);

        assertThat(get("/api/v1/cache/stats?namespace=feed").path("reads").asLong())
                .isEqualTo(4);
        assertThat(get("/api/v1/cache/stats?window=PT1M").path("reads").asLong())
                .as("the one three minutes ago is left out")
                .isEqualTo(4);
        assertThat(get("/api/v1/cache/stats/patterns?limit=2")
                        .path("patterns")
                        .get(0)
                        .path("pattern")
                        .asString())
                .isEqualTo("user:*");
        assertThat(get("/api/v1/cache/stats/patterns?pattern=page:*")
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(get("/api/v1/cache/stats/top-patterns?limit=1")
                        .path("patterns")
                        .size())
                .isEqualTo(1);
        assertThat(get("/api/v1/cache/stats/low-performers?threshold=0.5")
                        .path("patterns")
                        .findValuesAsString("pattern"))
                .containsExactly("q:*");
        JsonNode topKeys = get("/api/v1/cache/stats/top-keys?pattern=user:*&limit=1");
        assertThat(topKeys.path("keys").findValuesAsString("key_hash")).containsExactly("0000000000000001");
        assertThat(topKeys.at("/keys/0/count").asLong())
                .isEqualTo(topKeys.path("total_requests").asLong());
        for (String interval : List.of("PT10S", "PT1M", "PT1H", "P1D")) {
            assertThat(get("/api/v1/cache/stats/series?interval=" + interval)
                            .path("interval")
                            .asString())
                    .isEqualTo(interval);
            assertThat(get("/api/v1/cache/stats/series?interval=" + interval)
                            .path("series")
                            .valueStream()
                            .mapToLong(point -> point.path("total_requests").asLong())
                            .sum())
                    .as("by " + interval)
                    .isEqualTo(5);
        }
        caller().client()
                .get()
                .uri("/api/v1/cache/stats/series?interval=P1D")
                .header("Accept", "image/png, text/csv;q=0.5")
                .header(IdentityToken.HEADER, token())
                .exchange()
                .expectHeader()
                .contentTypeCompatibleWith("text/csv")
                .expectBody(String.class)
                .value(text ->
                        assertThat(text).startsWith("start,total_requests,").contains("Z,5,3,2,0.6,0.4,"));
        assertThat(get("/api/v1/cache/health").path("status").asString()).isEqualTo("healthy");
        await().atMost(PATIENCE)
                .until(() -> !get("/api/v1/cache/stats").path("asOf").asString().isEmpty()
                        && get("/api/v1/cache/stats")
                                        .path("freshness")
                                        .path("lagRecords")
                                        .asLong()
                                == 0);
    }

    @Test
    void tellsHowRequestsWereAnsweredByRoute() {
        RequestEntry kept = Requests.entry("key-1", "routes", 200, LimitVerdict.ALLOWED);
        kept.setCached(true);
        publish(Requests.batch(
                tenant, "shop", Instant.now(), kept, Requests.entry("key-1", "routes", 500, LimitVerdict.ALLOWED)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/api/v1/cache/stats/endpoints")
                                .path("total")
                                .asInt())
                        .isEqualTo(1));
        JsonNode shop = get("/api/v1/cache/stats/endpoints").path("endpoints").get(0);
        assertThat(shop.path("endpoint").asString()).isEqualTo("shop");
        assertThat(shop.path("cache_hits").asLong()).isEqualTo(1);

        JsonNode metrics = get("/api/v1/monitoring/metrics?format=json");
        assertThat(metrics.path("status").asString()).isEqualTo("degraded");
        assertThat(metrics.path("warnings").get(0).asString())
                .contains("50.0 %")
                .contains("at most 5 %");
        assertThat(metrics.path("total_requests").asLong()).isEqualTo(2);
        assertThat(metrics.path("total_errors").asLong()).isEqualTo(1);
        assertThat(metrics.path("recent_errors").get(0).path("status").asInt()).isEqualTo(500);
        isForPrometheus(metricsAs("?format=prometheus", "*/*"));
        isForPrometheus(metricsAs("", "text/plain"));
        isForPrometheus(metricsAs("", "application/openmetrics-text;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1"));
        metricsAs("", "*/*").expectHeader().contentType("application/json");
        metricsAs("", "text/html,*/*;q=0.8").expectHeader().contentType("application/json");
        metricsAs("?format=json", "text/plain").expectStatus().isEqualTo(406);
        metricsAs("?format=prometheus", "application/json").expectStatus().isEqualTo(406);
        metricsAs("?format=xml", "*/*").expectStatus().isBadRequest();
        assertThat(getProblem("/api/v1/monitoring/metrics?tenant=*", 403)
                        .path("field")
                        .asString())
                .isEqualTo("tenant");
    }

    private ResponseSpec metricsAs(String query, String accept) {
        return caller().client()
                .get()
                .uri("/api/v1/monitoring/metrics" + query)
                .header("Accept", accept)
                .header(IdentityToken.HEADER, token())
                .exchange();
    }

    private static void isForPrometheus(ResponseSpec answer) {
        answer.expectHeader()
                .contentTypeCompatibleWith("text/plain")
                .expectBody(String.class)
                .value(text -> assertThat(text).contains("sluice_window_errors{endpoint=\"shop\"} 1.0\n"));
    }

    @Test
    void saysWhetherItIsWell() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode checks = ownChecks();
            assertThat(checks.propertyNames()).contains("kafka", "windows", "lag", "disk", "memory");
            assertThat(checks)
                    .allSatisfy(check -> assertThat(check.path("status").asString())
                            .as(check.toString())
                            .isEqualTo("healthy"));
        });
        JsonNode checks = ownChecks();
        assertThat(checks.path("kafka").path("critical").asBoolean()).isTrue();
        assertThat(checks.path("disk").path("critical").asBoolean(true)).isFalse();
        assertThat(checks.path("lag").path("response_time_ms").isNumber()).isTrue();
        assertThat(checks.path("lag").path("instance").asString()).hasSize(8);
    }

    /** By name; those of an instance that reports. */
    private JsonNode ownChecks() {
        ObjectNode found = JsonMapper.shared().createObjectNode();
        get("/api/v1/monitoring/health/detailed")
                .path("checks")
                .valueStream()
                .filter(check -> check.path("service").asString().equals("metrics-aggregator"))
                .filter(check -> !check.path("status").asString().equals("unknown"))
                .forEach(check -> found.set(check.path("check").asString(), check));
        return found;
    }

    @Test
    void showsWhatOtherServicesReportUntilTheySayFarewell() {
        String instance = UUID.randomUUID().toString();
        String key = "sample-service/" + instance + "/redis";
        publish(
                "sample-service|" + instance,
                Reports.report(
                        "sample-service",
                        instance,
                        Instant.now(),
                        Reports.check("redis", true, CheckStatus.UNHEALTHY)));
        await().atMost(PATIENCE)
                .until(() ->
                        get("/api/v1/monitoring/health/detailed").path("checks").has(key));
        JsonNode health = get("/api/v1/monitoring/health");
        assertThat(health.path("status").asString()).isEqualTo("unhealthy");
        assertThat(health.path("services").path("sample-service").asString()).isEqualTo("unhealthy");
        assertThat(health.path("failing").valueStream().map(JsonNode::asString)).contains(key);

        publish("sample-service|" + instance, (HealthReport) null);
        await().atMost(PATIENCE)
                .until(() -> !get("/api/v1/monitoring/health/detailed")
                        .path("checks")
                        .has(key));
    }

    @Test
    void anotherTenantSeesNothingOfIt() {
        publish(Batches.of(tenant + "-other", "feed", "user:*", Instant.now(), read(CacheOutcome.MISS, 1)));
        publish(Batches.of(tenant, "feed", "user:*", Instant.now(), read(CacheOutcome.MISS, 1)));
        assertThat(awaitReads("/api/v1/cache/stats", 1).path("reads").asLong()).isEqualTo(1);
    }

    @Test
    void noDataAreZerosAndNoError() {
        JsonNode answer = get("/api/v1/cache/stats?window=PT24H&namespace=nothing");
        assertThat(answer.path("reads").asLong(-1)).isZero();
        assertThat(answer.path("latency").path("p99").isNull()).isTrue();
        assertThat(get("/api/v1/cache/health").path("status").asString()).isEqualTo("healthy");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/cache/stats?window=1h, window",
        "/api/v1/cache/stats?window=PT59S, window",
        "/api/v1/cache/stats?window=PT25H, window",
        "/api/v1/cache/stats?window=-PT1H, window",
        "/api/v1/cache/stats?window=, window",
        "/api/v1/cache/stats?window=PT1H&window=PT1H, window",
        "/api/v1/cache/stats?namespace=a%00b, namespace",
        "/api/v1/cache/stats?namespace=, namespace",
        "/api/v1/cache/stats?windows=PT1H, query",
        "/api/v1/cache/stats/patterns?limit=0, limit",
        "/api/v1/cache/stats/patterns?limit=0x10, limit",
        "/api/v1/cache/stats/patterns?limit=1001, limit",
        "/api/v1/cache/health?limit=1, query",
        "/api/v1/cache/stats/endpoints?limit=0, limit",
        "/api/v1/cache/stats/series?interval=PT5M, interval",
        "/api/v1/cache/stats/series?from=now, from",
        "/api/v1/cache/stats/series?format=xml, format",
        "/api/v1/cache/stats/endpoints?window=x, window",
        "/api/v1/monitoring/metrics?format=xml, format",
        "/api/v1/monitoring/health?window=PT1H, query",
        "/api/v1/monitoring/health/detailed?a=b, query",
        "/api/v1/cache/stats/patterns?pattern=a%00b, pattern",
        "/api/v1/cache/stats/top-patterns?limit=0, limit",
        "/api/v1/cache/stats/top-patterns?pattern=a, query",
        "/api/v1/cache/stats/top-keys?limit=1001, limit",
        "/api/v1/cache/stats/top-keys?pattern=a%00b, pattern",
        "/api/v1/cache/stats/top-keys?threshold=1, query",
        "/api/v1/cache/stats/low-performers?threshold=1.1, threshold",
        "/api/v1/cache/stats/low-performers?threshold=50, threshold",
        "/api/v1/cache/stats/low-performers?threshold=NaN, threshold",
        "/api/v1/monitoring/traces?cursor=1, cursor",
        "/api/v1/monitoring/traces?failed=1, failed",
        "/api/v1/monitoring/errors?service=A, service",
    })
    void refusesBadParametersAndNamesThem(String path, String field) {
        JsonNode problem = getProblem(path, 400);
        assertThat(problem.path("field").asString()).isEqualTo(field);
        assertThat(problem.path("detail").asString()).isNotBlank();
        assertThat(problem.path("type").asString()).startsWith("https://sluice.dev/problems/");
    }

    @Test
    void refusesWhomTheGatewayHasNotSigned() {
        caller().client()
                .get()
                .uri("/api/v1/cache/stats")
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("untrusted_caller");
    }

    @Test
    void itsOwnRequestsAreTracesThatItAnswersWith() {
        String trace = UUID.randomUUID().toString().replace("-", "");
        caller().client()
                .get()
                .uri("/api/v1/cache/stats")
                .header(IdentityToken.HEADER, token())
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .exchange()
                .expectStatus()
                .isOk();

        await().atMost(PATIENCE)
                .until(() -> get("/api/v1/monitoring/traces").path("data").size() == 1);
        JsonNode listed = get("/api/v1/monitoring/traces?service=metrics-aggregator&failed=false&limit=1");
        assertThat(listed.path("data").get(0).path("trace_id").asString()).isEqualTo(trace);
        assertThat(listed.path("data").get(0).path("name").asString()).isEqualTo("GET /api/v1/cache/stats");
        assertThat(listed.path("next_cursor").isNull()).isTrue();
        assertThat(get("/api/v1/monitoring/traces?service=api-gateway")
                        .path("data")
                        .size())
                .isZero();
        assertThat(get("/api/v1/monitoring/traces?min_duration=PT1H")
                        .path("data")
                        .size())
                .isZero();
        JsonNode whole = get("/api/v1/monitoring/traces/" + trace);
        assertThat(whole.path("spans").get(0).path("parent_span_id").asString()).isEqualTo("00f067aa0ba902b7");
        getProblem("/api/v1/monitoring/traces/" + "0".repeat(32), 404);
    }

    @Test
    void anErrorThatIsLoggedIsToldToWhomItConcerns() {
        String message = "Test " + UUID.randomUUID();
        LoggerFactory.getLogger(MetricsAggregatorIT.class).error(message);

        await().atMost(PATIENCE)
                .until(() -> get("/api/v1/monitoring/errors?limit=100", caller().token(Set.of("metrics:read", "admin")))
                        .toString()
                        .contains(message));
        assertThat(get("/api/v1/monitoring/errors").path("data").size()).isZero();
    }

    @Test
    void refusesOtherMethodsAndPaths() {
        caller().client()
                .post()
                .uri("/api/v1/cache/stats")
                .header(IdentityToken.HEADER, token())
                .exchange()
                .expectStatus()
                .isEqualTo(405);
        getProblem("/api/v1/cache/stats/nothing", 404);
    }

    @Test
    void exposesCountersWithBoundedLabels() {
        publish(Batches.of(tenant, "feed", "user:*", Instant.now(), read(CacheOutcome.ERROR, 1)));
        awaitReads("/api/v1/cache/stats", 1);
        String scrape = caller().management("/actuator/prometheus");
        assertThat(scrape)
                .contains("sluice_metrics_cache_reads_total{")
                .contains("outcome=\"error\"")
                .contains("sluice_metrics_late_reads_total")
                .contains("kafka_stream_")
                .doesNotContain(tenant);
    }
}
