package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.SecondLevel.Stamp;
import dev.sluice.cache.engine.WriteIntents;
import dev.sluice.platform.local.FreePorts;
import dev.sluice.platform.test.ForwardedPort;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Nodes in processes of their own, killed while they write, and one that goes on. What else would find out is off: Redis
 * tells nobody, and nobody looks whether copies are right; so there is the log, and what Redis has noted for the dead.
 */
class KilledNodeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For four JVMs and a broker, while other tests are busy. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final String L1 = "sluice; hit; detail=l1";
    private static final String TENANT = "tenant-" + UUID.randomUUID();

    /** How many writes are acknowledged before a node is killed, at most. */
    private static final int MAX_WRITES = 300;

    @TempDir
    private static Path directory;

    private static ForwardedPort detour;
    private static IsolatedKafka kafka;
    private static IsolatedRedis redis;
    private static LettuceConnectionFactory connections;
    private static NodeProcess survivor;
    private static NodeProcess cutOff;
    private static List<NodeProcess> doomed;

    @BeforeAll
    static void start() {
        detour = new ForwardedPort(FreePorts.one());
        kafka = LocalKafka.newIsolated(detour);
        redis = LocalRedis.newIsolated();
        connections = new LettuceConnectionFactory(new RedisStandaloneConfiguration(redis.host(), redis.port()));
        connections.afterPropertiesSet();
        connections.start();
        survivor = node(kafka.bootstrapServers());
        cutOff = node(detour.address());
        doomed = List.of(node(kafka.bootstrapServers()), node(kafka.bootstrapServers()));
        await().atMost(START)
                .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                .until(() -> nodes().allMatch(CacheClient::followsTheLog));
    }

    @AfterAll
    static void close() {
        nodes().forEach(CacheClient::close);
        connections.destroy();
        redis.close();
        kafka.close();
        detour.close();
    }

    /** The log is out of reach for the writer alone, so it dies between its script in Redis and the announcement. */
    @Test
    void whatItMadeAndCouldNotAnnounceIsAnsweredByTheOther() {
        List<String> keys = List.of("plain", "known");
        keys.forEach(key -> {
            soon().until(() -> cutOff.put("feed/keys/" + key, "old", Map.of()).status() < 300);
            soon().until(() ->
                    survivor.get("feed/keys/" + key).header("Cache-Status").equals(L1));
        });
        Map<String, Long> old = keys.stream().collect(Collectors.toMap(key -> key, key -> inRedis(key)));

        detour.cut();
        List<CompletableFuture<Answer>> unanswered = keys.stream()
                .map(key -> cutOff.putLater("feed/keys/" + key, "new"))
                .toList();
        soon().until(() -> keys.stream().allMatch(key -> inRedis(key) > old.getOrDefault(key, Long.MAX_VALUE)));
        cutOff.kill();

        assertThat(unanswered)
                .allSatisfy(answer -> assertThat(
                                answer.handle((answered, failure) -> failure).join())
                        .isNotNull());
        soon().until(() -> {
            Answer known = survivor.getAtLeast("feed/keys/known", inRedis("known"));
            assertThat(known.body()).isNotEqualTo("old");
            return known.body().equals("new");
        });
        soon().until(() -> survivor.get("feed/keys/plain").body().equals("new"));
        awaitNothingNoted();
        keys.forEach(key -> assertThat(survivor.get("feed/keys/" + key).body()).isEqualTo("new"));
    }

    @Test
    void whateverANodeDidWhenItWasKilledTheOtherAgreesWithRedis() {
        Random random = Randomness.seeded();
        for (NodeProcess node : doomed) {
            try (ObservedKeys keys = new ObservedKeys(TENANT, node, survivor)) {
                keys.write();
                keys.read();
                int writes = 1 + random.nextInt(MAX_WRITES);
                soon().until(() -> keys.acknowledged() >= writes);
                node.kill();
                keys.stopWriting();

                soon().untilAsserted(() -> keys.all()
                        .forEach(key -> assertThat(keys.readNow(key).version())
                                .isEqualTo(inRedis(key))
                                .isGreaterThanOrEqualTo(keys.acknowledged(key))));
                awaitNothingNoted();
                keys.stopReading();
                soon().untilAsserted(() -> keys.all()
                        .forEach(key -> assertThat(keys.readNow(key).version()).isEqualTo(inRedis(key))));
            }
        }
    }

    private static long inRedis(String key) {
        return inRedis(new CacheKey(TENANT, "feed", key));
    }

    private static long inRedis(CacheKey key) {
        return new RedisSecondLevel(connections)
                .stamp(key)
                .map(Stamp::version)
                .blockOptional(PATIENCE)
                .orElse(0L);
    }

    private static void awaitNothingNoted() {
        CacheSettings settings = CacheSettings.defaults().withSecondLevelDeadline(PATIENCE);
        WriteIntents intents = new WriteIntents(connections, settings, InstantSource.system());
        soon().until(() -> List.of().equals(intents.overdue(Duration.ZERO, 1).block(PATIENCE)));
    }

    private static NodeProcess node(String bootstrapServers) {
        Map<String, Object> settings = Map.of("sluice.cache.level.tracking", false, "sluice.cache.audit.per-second", 0);
        return NodeProcess.start(directory, bootstrapServers, redis.port(), TENANT, settings);
    }

    private static Stream<NodeProcess> nodes() {
        return Stream.concat(Stream.of(survivor, cutOff), doomed.stream());
    }

    private static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
    }
}
