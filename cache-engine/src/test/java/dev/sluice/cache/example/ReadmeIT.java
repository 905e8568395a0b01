package dev.sluice.cache.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The example of the README on a real Redis. */
class ReadmeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void whatOneNodeChangesAnotherReads() {
        try (IsolatedRedis redis = LocalRedis.newIsolated()) {
            LettuceConnectionFactory connections = Caches.standalone(redis.host(), redis.port());
            try (TwoLevelCache one = Caches.over(connections);
                    TwoLevelCache other = Caches.over(connections)) {
                assertThat(new PriceCache(one).price("tea").block(PATIENCE)).isEqualTo("1.00 for tea");
                new PriceCache(one).change("tea", "2.00").block(PATIENCE);
                assertThat(new PriceCache(other).price("tea").block(PATIENCE)).isEqualTo("2.00");
            }
            connections.destroy();
        }
    }
}
