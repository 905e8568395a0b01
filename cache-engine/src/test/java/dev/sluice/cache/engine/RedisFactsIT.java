package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What a real Redis says, and what is said without one. */
class RedisFactsIT {

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);
    private final RedisFacts facts = new RedisFacts(connections, CacheSettings.defaults(), InstantSource.system());

    @AfterEach
    void stop() {
        connections.destroy();
        redis.close();
    }

    @Test
    void tellsOfTheServerAndOfItsSilence() {
        RedisSecondLevel level = new RedisSecondLevel(connections);
        for (int i = 0; i < 3; i++) {
            await(level.put(newKey(), text("a"), Lifetime.of(HOUR), Condition.any()));
        }

        List<RedisServer> servers = await(facts.servers());

        assertThat(servers).hasSize(1);
        RedisServer server = servers.getFirst();
        assertThat(server.answers()).isTrue();
        assertThat(server.address()).isEmpty();
        assertThat(server.isReplica()).isFalse();
        assertThat(server.facts()).containsKeys("redis_version", "redis_mode");
        assertThat(server.keys()).hasValue(3);
        for (String field : List.of("used_memory", "connected_clients", "uptime_in_seconds", "evicted_keys")) {
            assertThat(server.number(field)).as(field).isPresent();
        }

        redis.kill();
        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(() -> await(facts.servers()))
                        .isInstanceOf(SecondLevelUnavailableException.class));
    }

    @Test
    void tellsOfEachServerOfACluster() {
        IsolatedRedisCluster cluster = LocalRedis.sharedCluster();
        LettuceConnectionFactory toAll = RedisConnections.to(cluster);
        RedisFacts ofAll = new RedisFacts(toAll, CacheSettings.defaults(), InstantSource.system());

        // The first connection to a cluster takes longer than an answer may.
        List<RedisServer> servers = Awaitility.await()
                .ignoreExceptions()
                .until(() -> await(ofAll.servers()), all -> all.stream().allMatch(RedisServer::answers));

        assertThat(servers).hasSize(cluster.masters().size());
        assertThat(servers).extracting(RedisServer::address).doesNotHaveDuplicates();
        assertThat(servers).allSatisfy(server -> {
            assertThat(server.address()).matches("[^:]+:[0-9]+");
            assertThat(server.facts()).containsEntry("redis_mode", "cluster");
            assertThat(server.keys()).isPresent();
        });
        toAll.destroy();
    }
}
