package dev.sluice.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Sessions are kept on a Redis Cluster, those of one user in one slot. */
class SessionClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int USERS = 12;
    private static final IsolatedRedisCluster CLUSTER = LocalRedis.sharedCluster();
    private static final LettuceConnectionFactory FACTORY = connect();

    private final Random random = Randomness.seeded();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final SessionStore store = new SessionStore(new ReactiveStringRedisTemplate(FACTORY), PATIENCE, 3);

    @AfterAll
    static void disconnect() {
        FACTORY.destroy();
    }

    @Test
    void keepsSessionsOfManyUsersAlsoWhereTheirSlotIsMoved() {
        for (int i = 0; i < USERS; i++) {
            String user = "user-" + i;
            SessionToken token = SessionToken.generate(tenant, user, random);
            SessionStore.Draft draft =
                    new SessionStore.Draft(tenant, user, Duration.ofMinutes(5), Duration.ofHours(1), "{}");
            Session made = store.create(token, draft)
                    .blockOptional(PATIENCE)
                    .orElseThrow()
                    .session();
            if (i == 0) {
                String key = "session:{" + token.id().owner() + "}";
                CLUSTER.moveElsewhere(key);
            }
            assertThat(store.inspect(tenant, token).block(PATIENCE)).isEqualTo(made);
            assertThat(store.list(tenant, user).block(PATIENCE)).containsExactly(made);
            assertThat(store.revokeAll(tenant, user).block(PATIENCE)).containsExactly(made);
            assertThat(store.list(tenant, user).block(PATIENCE)).isEqualTo(List.of());
        }
    }

    private static LettuceConnectionFactory connect() {
        LettuceConnectionFactory factory = new LettuceConnectionFactory(
                new RedisClusterConfiguration(List.of(CLUSTER.nodes().split(",", -1))));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }
}
