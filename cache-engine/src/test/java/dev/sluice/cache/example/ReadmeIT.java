package dev.sluice.cache.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The example of the README on a real Redis, and on a real cluster. */
class ReadmeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

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

    @Test
    void aClusterWorksAlike() {
        LettuceConnectionFactory connections =
                Caches.cluster(List.of(LocalRedis.sharedCluster().nodes().split(",", -1)));
        try (TwoLevelCache one = Caches.over(connections);
                TwoLevelCache other = Caches.over(connections)) {
            for (int i = 0; i < 20; i++) {
                String article = "tea-" + i;
                String price = i + ".00";
                // A busy machine may miss a deadline of Redis, the first time above all.
                await().ignoreExceptions()
                        .untilAsserted(() -> assertThat(new PriceCache(one)
                                        .change(article, price)
                                        .block(PATIENCE))
                                .isNotNull());
                await().untilAsserted(() -> assertThat(
                                new PriceCache(other).price(article).block(PATIENCE))
                        .isEqualTo(price));
            }
        }
        connections.destroy();
    }
}
