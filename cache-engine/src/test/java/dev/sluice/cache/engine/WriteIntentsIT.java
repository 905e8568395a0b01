package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.WriteIntents.Intent;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A second level that notes its changes keeps the contract of all, and its notes stay until they are fulfilled. */
class WriteIntentsIT extends SecondLevelContract {

    private static LettuceConnectionFactory connections;
    private static RedisSecondLevel level;
    private static WriteIntents intents;

    private final CacheKey key = new CacheKey("t", "n", newKey().key() + ":with: colons");

    @BeforeAll
    static void connect() {
        connections = RedisConnections.to(LocalRedis.shared());
        level = RedisSecondLevel.withIntents(connections);
        intents = new WriteIntents(
                connections,
                CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20)),
                InstantSource.system());
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
    }

    @Override
    SecondLevel level() {
        return level;
    }

    @Override
    void awaitAfter(Duration time, Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(10)).until(condition);
    }

    @Test
    void everyChangeIsNotedUntilItIsFulfilled() {
        long put = await(level.put(key, text("a"), LIFE, Condition.any())).version();
        long deleted = await(level.delete(key, Condition.any())).version();
        assertThat(overdue(Duration.ZERO)).containsExactly(new Intent(key, put), new Intent(key, deleted));

        assertThat(await(intents.fulfilled(new Intent(key, put)))).isTrue();
        assertThat(await(intents.fulfilled(new Intent(key, put)))).isFalse();

        assertThat(overdue(Duration.ZERO)).containsExactly(new Intent(key, deleted));
    }

    @Test
    void whatWasRefusedOrChangedNothingIsNotNoted() {
        level.put(key, text("a"), LIFE, Condition.present())
                .onErrorComplete(ConditionFailedException.class)
                .block();
        await(level.lease(key, 0, Duration.ofSeconds(1)));
        level.fetch(key).block();

        assertThat(overdue(Duration.ZERO)).isEmpty();
    }

    @Test
    void aNewChangeIsLeftToTheOneWhoMadeIt() {
        await(level.put(key, text("a"), LIFE, Condition.any()));

        assertThat(overdue(Duration.ofMinutes(10))).isEmpty();
    }

    @Test
    void whatIsFulfilledWhileRedisIsToldOfAnotherIsSaidTogether() {
        int many = 2 * WriteIntents.MOST_TOGETHER + 1;
        try (IsolatedRedis slow = LocalRedis.newIsolated()) {
            LettuceConnectionFactory own = RedisConnections.to(slow);
            RedisSecondLevel noting = RedisSecondLevel.withIntents(own);
            WriteIntents saying = new WriteIntents(
                    own,
                    CacheSettings.defaults().withSecondLevelDeadline(Duration.ofMinutes(2)),
                    InstantSource.system());
            List<Intent> made = IntStream.range(0, many + 1)
                    .mapToObj(i -> new CacheKey("t", "n", "k" + i))
                    .map(each -> new Intent(
                            each,
                            await(noting.put(each, text("a"), LIFE, Condition.any()))
                                    .version()))
                    .toList();
            assertThat(await(saying.overdue(Duration.ZERO, many + 1))).hasSize(many + 1);

            slow.pause();
            made.subList(0, many).forEach(saying::fulfil);
            slow.resume();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> await(saying.overdue(Duration.ZERO, many + 1)), made.subList(many, many + 1)::equals);

            // The first by itself, and the others by as many as may be.
            assertThat(calls(own)).isEqualTo("3");
            own.destroy();
        }
    }

    @Test
    void whatCannotBeSaidKeepsNothingElseFromBeingSaid() {
        try (IsolatedRedis lost = LocalRedis.newIsolated()) {
            LettuceConnectionFactory own = RedisConnections.to(lost);
            RedisSecondLevel noting = RedisSecondLevel.withIntents(own);
            WriteIntents saying = new WriteIntents(
                    own,
                    CacheSettings.defaults().withSecondLevelDeadline(Duration.ofSeconds(20)),
                    InstantSource.system());
            assertThat(await(saying.overdue(Duration.ZERO, 1))).isEmpty();
            lost.kill();
            saying.fulfil(new Intent(key, 1));
            lost.start();
            Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> {
                Intent made = new Intent(
                        key,
                        await(noting.put(key, text("a"), LIFE, Condition.any())).version());
                saying.fulfil(made);
                return await(saying.overdue(Duration.ZERO, 1)).isEmpty();
            });
            own.destroy();
        }
    }

    private static String calls(LettuceConnectionFactory connections) {
        ReactiveRedisConnection connection = connections.getReactiveConnection();
        Properties statistics = await(connection.serverCommands().info("commandstats"));
        return requireNonNull(statistics.getProperty("cmdstat_zrem")).replaceFirst("calls=(\\d+),.*", "$1");
    }

    private List<Intent> overdue(Duration age) {
        return await(intents.overdue(age, 100_000)).stream()
                .filter(intent -> intent.key().equals(key))
                .toList();
    }
}
