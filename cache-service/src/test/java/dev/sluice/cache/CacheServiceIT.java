package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.record.CacheChange;
import dev.sluice.record.CacheChangeKind;
import dev.sluice.record.CacheInvalidation;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.schemas.TopicDescriptor;
import dev.sluice.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One process on a real broker and a real Redis: what is answered, and what is on the log afterwards. */
class CacheServiceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What Redis tells would send one read or the other to Redis. */
    private static final Map<String, Object> COUNTED = Map.of("sluice.cache.level.tracking", false);

    private static final CacheProcess SHARED = new CacheProcess(
            LocalKafka.shared().bootstrapServers(), LocalRedis.shared().port(), "nobody", COUNTED);

    private final String tenant = "tenant-" + UUID.randomUUID();
    private final CacheClient cache = SHARED.as(tenant);

    @BeforeAll
    static void start() {
        awaitReady(SHARED);
    }

    @AfterAll
    static void stop() {
        SHARED.close();
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private static void awaitReady(CacheClient node) {
        await().atMost(PATIENCE).until(() -> node.isReady() && node.followsTheLog());
    }

    /** Of which nothing is known yet. */
    private CacheProcess newProcess() {
        CacheProcess process = new CacheProcess(
                LocalKafka.shared().bootstrapServers(), LocalRedis.shared().port(), tenant, COUNTED);
        awaitReady(process);
        return process;
    }

    @Test
    void storesAnswersConditionsAndForgets() {
        Answer created = cache.put(
                "feed/keys/user:1", "hello", Map.of("Content-Type", "text/plain", "Cache-Control", "max-age=60"));
        assertThat(created.status()).isEqualTo(201);
        Answer read = cache.get("feed/keys/user:1");
        assertThat(read.status()).isEqualTo(200);
        assertThat(read.body()).isEqualTo("hello");
        assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
        assertThat(read.header("Content-Type")).isEqualTo("text/plain");
        assertThat(read.header("Cache-Status")).isEqualTo("sluice; hit; detail=l1");

        assertThat(cache.put("feed/keys/user:1", "x", Map.of("If-None-Match", "*"))
                        .status())
                .isEqualTo(412);
        Answer replaced = cache.put("feed/keys/user:1", "2", Map.of("If-Match", created.header("ETag")));
        assertThat(replaced.status()).isEqualTo(204);
        Answer refused = cache.put("feed/keys/user:1", "3", Map.of("If-Match", created.header("ETag")));
        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.header("ETag")).isEqualTo(replaced.header("ETag"));
        assertThat(cache.put("feed/keys/big", "x".repeat((1 << 20) + 1), Map.of())
                        .status())
                .isEqualTo(413);
        assertThat(cache.put("feed/keys/user:1", "4", Map.of("Cache-Control", "max-age=0"))
                        .body())
                .contains("Cache-Control");

        assertThat(cache.delete("feed/keys/user:1").status()).isEqualTo(204);
        assertThat(cache.get("feed/keys/user:1").status()).isEqualTo(404);
        assertThat(cache.delete("feed/keys/user:1").status()).isEqualTo(404);
    }

    @Test
    void countsWithinBounds() {
        assertThat(cache.post("feed/counters/visits", "{}").body()).contains("\"value\":1,");
        assertThat(cache.post("feed/counters/visits", "{\"delta\":9,\"max\":10}")
                        .body())
                .contains("\"value\":10,");
        Answer refused = cache.post("feed/counters/visits", "{\"max\":10}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("\"value\":10");
        assertThat(cache.post("feed/counters/visits", "{\"ttlMillis\":0}").status())
                .isEqualTo(400);
        assertThat(cache.get("feed/counters/visits").body()).contains("\"value\":10,\"remainingMillis\":");
        assertThat(cache.delete("feed/counters/visits").status()).isEqualTo(204);
        assertThat(cache.get("feed/counters/visits").status()).isEqualTo(404);
        assertThat(cache.delete("feed/counters/visits").status()).isEqualTo(404);
    }

    @Test
    void locksAreHeldByOneOwnerAndFenced() {
        Answer taken = cache.post("feed/locks/import", "{\"owner\":\"a\",\"ttlMillis\":60000}");
        assertThat(taken.status()).isEqualTo(200);
        String token = taken.body().replaceAll(".*\"token\":([0-9]+).*", "$1");
        Answer refused = cache.post("feed/locks/import", "{\"owner\":\"b\",\"waitMillis\":1}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body()).contains("\"remainingMillis\":");
        assertThat(renewal(token)).isEqualTo(200);
        assertThat(cache.get("feed/locks/import").body()).contains("\"token\":" + token);
        assertThat(cache.delete("feed/locks/import/1").status()).isEqualTo(404);
        assertThat(renewal("1")).isEqualTo(409);
        assertThat(cache.delete("feed/locks/import/" + token).status()).isEqualTo(204);
        assertThat(cache.delete("feed/locks/import/" + token).status()).isEqualTo(404);
        assertThat(renewal(token)).isEqualTo(404);
        assertThat(cache.delete("feed/locks/import/x").status()).isEqualTo(400);
        assertThat(cache.get("feed/locks/import").status()).isEqualTo(404);
    }

    private int renewal(String token) {
        Map<String, String> json = Map.of("Content-Type", "application/json");
        return cache.put("feed/locks/import", "{\"token\":" + token + "}", json).status();
    }

    @Test
    void everyReadAndChangeIsOnTheLogExactlyOnceAndItTellsHowItIs() {
        CacheProcess cache = newProcess();
        assertTellsHowItAndItsRedisAre(cache);
        for (int i = 0; i < 10; i++) {
            assertThat(cache.put("feed/keys/user:" + i, "v" + i, Map.of()).status())
                    .isEqualTo(201);
        }
        for (int i = 0; i < 30; i++) {
            Answer answer = cache.get("feed/keys/user:" + i);
            assertThat(answer.status()).isEqualTo(i < 10 ? 200 : 404);
        }
        assertThat(cache.get("feed/keys/home").status()).isEqualTo(404);
        assertThat(cache.put("feed/keys/user:0", "new", Map.of()).status()).isEqualTo(204);
        assertThat(cache.put("feed/keys/user:0", "no", Map.of("If-None-Match", "*"))
                        .status())
                .isEqualTo(412);
        assertThat(cache.delete("feed/keys/user:1").status()).isEqualTo(204);
        // Closing drains the batches; nothing is read twice and nothing is missing.
        cache.close();
        assertReads(ofTenant(Topics.CACHE_READS));
        assertChanges(ofTenant(Topics.CACHE_CHANGES));
        List<CacheInvalidation> invalidations = ofTenant(Topics.CACHE_INVALIDATIONS);
        assertThat(invalidations).hasSize(13);
        assertThat(invalidations.stream()
                        .map(CacheInvalidation::getVersion)
                        .distinct()
                        .count())
                .isEqualTo(13);
    }

    private static void assertTellsHowItAndItsRedisAre(CacheClient cache) {
        assertThat(cache.put("feed/keys/a", "11", Map.of()).status()).isEqualTo(201);
        assertThat(cache.get("feed/keys/a").status()).isEqualTo(200);

        Answer answer = cache.info();

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode info = JsonMapper.shared().readTree(answer.body());
        assertThat(info.path("redis_version").asString()).matches("[0-9.]+.*");
        assertThat(info.path("used_memory_human").asString()).matches("[0-9]+([.][0-9]{2})?[BKMG]");
        assertThat(info.path("connected_clients").asLong()).isPositive();
        assertThat(info.path("total_keys").asLong()).isPositive();
        assertThat(info.path("uptime_in_seconds").isIntegralNumber()).isTrue();
        assertThat(info.path("hit_rate").asDouble()).isEqualTo(1);
        assertThat(info.at("/redis/status").asString()).isEqualTo("up");
        assertThat(info.at("/redis/mode").asString()).isEqualTo("standalone");
        assertThat(info.at("/redis/servers/0/role").asString()).isEqualTo("master");
        assertThat(info.at("/first_level/entries").asLong()).isEqualTo(1);
    }

    private static void assertReads(List<CacheReadBatch> batches) {
        Map<String, Long> counts = new TreeMap<>();
        List<CacheRead> all = new ArrayList<>();
        for (CacheReadBatch batch : batches) {
            all.addAll(batch.getEntries());
            batch.getEntries()
                    .forEach(read -> counts.merge(batch.getPattern() + " " + read.getOutcome(), 1L, Long::sum));
        }
        assertThat(counts)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("user:* L1_HIT", 10L, "user:* MISS", 20L, "home MISS", 1L, "a L1_HIT", 1L));
        assertThat(all.stream().map(CacheRead::getKeyHash).distinct().count()).isEqualTo(32);
        assertThat(all.stream().filter(read -> read.getOutcome() == CacheOutcome.L1_HIT))
                .allMatch(read -> read.getSizeBytes() == 2 && read.getLatencyNanos() >= 0);
    }

    private static void assertChanges(List<CacheChange> changes) {
        Map<CacheChangeKind, Long> kinds =
                changes.stream().collect(Collectors.groupingBy(CacheChange::getKind, Collectors.counting()));
        assertThat(kinds)
                .containsExactlyInAnyOrderEntriesOf(Map.of(CacheChangeKind.SET, 12L, CacheChangeKind.DELETE, 1L));
        Set<Long> versions = changes.stream().map(CacheChange::getVersion).collect(Collectors.toSet());
        assertThat(versions).hasSize(13);
        assertThat(changes.stream().filter(change -> change.getKind() == CacheChangeKind.SET))
                .allMatch(change -> Long.valueOf(86_400_000).equals(change.getTtlMillis()));
    }

    private <V extends SpecificRecord> List<V> ofTenant(TopicDescriptor<V> topic) {
        return SHARED.readAll(topic).stream()
                .filter(record -> record.key().startsWith(tenant + "|"))
                .map(ConsumerRecord::value)
                .toList();
    }
}
