package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.CacheClient.Answer;
import dev.sluice.platform.local.FreePorts;
import dev.sluice.platform.test.ForwardedPort;
import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that hear of each other by the log alone, and lose it: one of them, or both. How long they are without it makes no
 * difference.
 */
class BrokerCutIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** For which the log is away at least. Longer by hand: benchmarks/README.md. */
    private static final Duration CUT = Duration.parse(System.getProperty("sluice.broker-cut", "PT0S"));

    private static final String L1 = "sluice; hit; detail=l1";
    private static final String UNREACHED = "sluice; fwd=miss; detail=error";
    private static final String L2 = "sluice; hit; detail=l2";

    private final ForwardedPort detour = new ForwardedPort(FreePorts.one());
    private final IsolatedKafka kafka = LocalKafka.newIsolated(detour);
    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final CacheProcess a = node(kafka.bootstrapServers());
    private final CacheProcess b = node(detour.address());
    private final ObservedKeys keys = new ObservedKeys(tenant, a, b);

    @BeforeEach
    void awaitMemory() {
        soon().until(() -> a.followsTheLog() && b.followsTheLog());
        keys.write();
        keys.read();
        soon().until(() -> keys.all().stream().allMatch(key -> keys.acknowledged(key) > 0));
        awaitCopies();
    }

    @AfterEach
    void close() {
        keys.close();
        a.close();
        b.close();
        redis.close();
        kafka.close();
        detour.close();
    }

    /** The other one goes on, and what it changes is acknowledged. */
    @Test
    void whoLosesTheLogAloneAnswersFromRedisUntilItHasItAgain() {
        long since = System.nanoTime();
        detour.cut();
        soon().until(() -> !b.followsTheLog());

        for (int round = 0; round < 20 || isToLast(since); round++) {
            keys.all().forEach(key -> {
                long known = keys.acknowledged(key);
                // On a busy machine Redis may answer too late once, which the answer says.
                Answer answer = soon().until(
                                () -> keys.readNow(key),
                                read -> !read.header("Cache-Status").equals(UNREACHED));
                assertThat(answer.header("Cache-Status")).isEqualTo(L2);
                assertThat(answer.version()).isGreaterThanOrEqualTo(known);
            });
        }
        soon().until(a::followsTheLog);
        detour.mend();
        soon().until(b::followsTheLog);

        awaitCopies();
        assertTheLastIsAnswered();
    }

    @Test
    void whatIsChangedWithoutTheLogIsMadeAndAnsweredByAllBeforeAndAfterItIsBack() {
        keys.stopWriting();
        long since = System.nanoTime();
        kafka.stop();
        soon().until(() -> !a.followsTheLog() && !b.followsTheLog());

        keys.all().forEach(key -> {
            Answer refused = a.put(ObservedKeys.path(key), "made without the log", Map.of());
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body()).contains("The change is made");
            Answer answer = keys.readNow(key);
            assertThat(answer.header("Cache-Status")).isEqualTo(L2);
            assertThat(answer.body()).isEqualTo("made without the log");
            assertThat(answer.version()).isGreaterThan(keys.acknowledged(key));
        });
        while (isToLast(since)) {
            keys.all().forEach(key -> assertThat(keys.readNow(key).body()).isEqualTo("made without the log"));
        }
        kafka.start();
        soon().until(() -> a.followsTheLog() && b.followsTheLog());

        keys.all().forEach(key -> assertThat(keys.readNow(key).body()).isEqualTo("made without the log"));
        awaitCopies();
        keys.all().forEach(key -> assertThat(keys.readNow(key).body()).isEqualTo("made without the log"));
        long before = keys.acknowledged();
        keys.write();
        soon().until(() -> keys.acknowledged() > before + keys.all().size());
        assertTheLastIsAnswered();
    }

    private static boolean isToLast(long since) {
        return System.nanoTime() - since < CUT.toNanos();
    }

    private void awaitCopies() {
        soon().until(() -> keys.all().stream()
                .anyMatch(key -> keys.readNow(key).header("Cache-Status").equals(L1)));
    }

    /** And no reader was answered anything old meanwhile. */
    private void assertTheLastIsAnswered() {
        keys.stopWriting();
        soon().untilAsserted(() -> keys.all().forEach(key -> {
            assertThat(keys.readNow(key).version()).isEqualTo(keys.acknowledged(key));
            assertThat(keys.readNow(key).header("Cache-Status")).isEqualTo(L1);
        }));
        keys.stopReading();
    }

    private CacheProcess node(String bootstrapServers) {
        Map<String, Object> settings = Map.of("sluice.cache.level.tracking", false, "sluice.cache.audit.per-second", 0);
        return new CacheProcess(bootstrapServers, redis.port(), tenant, settings);
    }

    private static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }
}
