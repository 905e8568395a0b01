package dev.sluice.cache.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.TwoLevelCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The README shows what is compiled here, and it works. */
class ReadmeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(strings = {"PriceCache", "Caches"})
    void theReadmeShowsTheExampleAsItIs(String example) throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/sluice/cache/example", example + ".java"));
        String shown = source.split("// README: begin\n", 2)[1].split("// README: end", 2)[0];

        assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + shown + "```");
    }

    @Test
    void itWorksWithoutRedis() {
        try (TwoLevelCache cache = Caches.alone()) {
            PriceCache prices = new PriceCache(cache);
            assertThat(prices.price("tea").block(PATIENCE)).isEqualTo("1.00 for tea");
            prices.change("tea", "2.00").block(PATIENCE);
            assertThat(prices.price("tea").block(PATIENCE)).isEqualTo("2.00");
            prices.forgetAll().block(PATIENCE);
            assertThat(prices.price("tea").block(PATIENCE)).isEqualTo("1.00 for tea");
            assertThat(cache.statistics().loads().succeeded()).isEqualTo(2);
        }
    }

    /** Nothing is connected before it is needed, so nothing need be there. */
    @Test
    void everyKindOfRedisCanBeSetUp() {
        for (LettuceConnectionFactory connections : List.of(
                Caches.standalone("127.0.0.1", 1),
                Caches.sentinel("main", List.of("127.0.0.1:1", "127.0.0.1:2")),
                Caches.cluster(List.of("127.0.0.1:1", "127.0.0.1:2")))) {
            Caches.over(connections).close();
            connections.destroy();
        }
    }
}
