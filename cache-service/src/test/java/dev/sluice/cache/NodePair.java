package dev.sluice.cache;

import static org.awaitility.Awaitility.await;

import dev.sluice.platform.test.IsolatedKafka;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Two nodes in this JVM on a Kafka and a Redis of their own. The tests of a class share them, each as a tenant of its own: a
 * node takes longer to start than most tests to run.
 */
final class NodePair implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PROBE = "probe";

    private final IsolatedKafka kafka = LocalKafka.newIsolated();
    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final Map<String, Object> settings;
    private final CacheProcess first;
    private final CacheProcess second;

    NodePair(Map<String, Object> settings) {
        this.settings = settings;
        first = newNode();
        second = newNode();
    }

    /** One more beside them, which its caller closes. */
    CacheProcess newNode() {
        return new CacheProcess(kafka.bootstrapServers(), redis.port(), PROBE, settings);
    }

    IsolatedKafka kafka() {
        return kafka;
    }

    IsolatedRedis redis() {
        return redis;
    }

    CacheProcess first() {
        return first;
    }

    CacheProcess second() {
        return second;
    }

    /** Until both have got over what the test before did to them. */
    void awaitReady() {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(() -> Stream.of(first, second)
                        .allMatch(node -> node.isReady() && node.followsTheLog() && isStoring(node)));
    }

    private static boolean isStoring(CacheProcess node) {
        return node.put("probe/keys/k", "1", Map.of()).status() < 300;
    }

    @Override
    public void close() {
        first.close();
        second.close();
        redis.close();
        kafka.close();
    }
}
