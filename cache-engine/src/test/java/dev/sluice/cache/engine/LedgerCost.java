package dev.sluice.cache.engine;

import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Flux;

/**
 * Prints what a put costs Redis with and without a quota, and what a ledger takes of its memory; no test, and asserts nothing: {@code mvn -q -pl
 * cache-engine -am test -Dtest=LedgerCost -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class LedgerCost {

    private static final int PUTS = 100_000;
    private static final Lifetime LIFE = Lifetime.of(Duration.ofHours(1));

    private final PrintStream out = System.out;

    @Test
    void printsWhatAPutCosts() {
        try (IsolatedRedis redis = LocalRedis.newIsolated()) {
            LettuceConnectionFactory connections = RedisConnections.to(redis);
            FixedQuotas quotas = new FixedQuotas().of(new Scope("t", "counted"), new Quota(Quota.UNBOUNDED, 1L << 40));
            RedisSecondLevel level = RedisSecondLevel.withIntents(connections).counting(quotas);
            for (String round : new String[] {"first puts", "replacements", "replacements"}) {
                for (String namespace : new String[] {"plain", "counted"}) {
                    out.println(round + ", " + namespace + ": " + put(redis, level, namespace));
                }
            }
            out.println("ledger of " + PUTS + " entries: " + memory(redis) + " bytes");
            connections.destroy();
        }
    }

    private static String put(IsolatedRedis redis, RedisSecondLevel level, String namespace) {
        CacheValue value = CacheValue.of(new byte[100], "text/plain");
        try (RedisByHand hand = new RedisByHand(redis.host(), redis.port())) {
            hand.commands().configResetstat();
            long start = System.nanoTime();
            Flux.range(0, PUTS)
                    .flatMap(
                            i -> level.put(new CacheKey("t", namespace, "a-key-" + i), value, LIFE, Condition.any()),
                            64)
                    .blockLast(Duration.ofMinutes(5));
            long took = System.nanoTime() - start;
            String calls = hand.commands()
                    .info("commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_evalsha:"))
                    .findFirst()
                    .orElse("");
            return "%,d a second; %s".formatted(PUTS * 1_000_000_000L / took, calls);
        }
    }

    private static long memory(IsolatedRedis redis) {
        try (RedisByHand hand = new RedisByHand(redis.host(), redis.port())) {
            return hand.commands().memoryUsage("q:t");
        }
    }
}
