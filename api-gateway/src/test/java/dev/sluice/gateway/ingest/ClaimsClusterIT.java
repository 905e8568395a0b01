package dev.sluice.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.IsolatedRedisCluster;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/** Events are claimed on a Redis Cluster. */
class ClaimsClusterIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int TENANTS = 12;
    private static final IsolatedRedisCluster CLUSTER = LocalRedis.sharedCluster();
    private static final LettuceConnectionFactory FACTORY = connect();

    private final Claims claims = new Claims(
            new ReactiveStringRedisTemplate(FACTORY),
            InstantSource.system(),
            new ClaimTerms(PATIENCE, PATIENCE.multipliedBy(2), PATIENCE));

    @AfterAll
    static void disconnect() {
        FACTORY.destroy();
    }

    @Test
    void claimsAndCompletesEventsOfManyTenantsAlsoWhereTheirSlotIsMoved() {
        for (int i = 0; i < TENANTS; i++) {
            String name = "ingest:{tenant-" + UUID.randomUUID() + "}:kname";
            Claim mine = new Claim(name, true, "fingerprint", "event", "me");
            Claim other = new Claim(name, true, "fingerprint", "event", "another");
            assertThat(claims.claim(mine).block(PATIENCE)).isInstanceOf(ClaimReply.Granted.class);
            if (i == 0) {
                CLUSTER.moveElsewhere(name);
            }
            assertThat(claims.claim(other).block(PATIENCE)).isInstanceOf(ClaimReply.InFlight.class);
            claims.complete(mine, new EventReceipt("event", "/shop", "events", 3, 7))
                    .block(PATIENCE);
            assertThat(claims.claim(other).block(PATIENCE)).isEqualTo(new ClaimReply.Complete("event", 3, 7));
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
