package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.Quotas.Scope;
import dev.sluice.cache.engine.SecondLevel.PutOutcome;
import dev.sluice.cache.engine.SecondLevel.PutRequest;
import dev.sluice.cache.engine.SecondLevel.Written;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;

/** Several puts in one command, on a real Redis. */
class PutScriptIT {

    private static final int ROUNDS = 150;

    private final IsolatedRedis redis = LocalRedis.newIsolated();
    private final LettuceConnectionFactory connections = RedisConnections.to(redis);
    private final RedisSecondLevel level = RedisSecondLevel.withIntents(connections);
    private final Random random = new Random(7);

    @AfterEach
    void close() {
        connections.destroy();
        redis.close();
    }

    /** What is put together in one namespace is put one by one in another: of keys that come several times, under conditions, into quotas. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsPutTogetherIsWhatIsPutOneByOne(boolean counted) {
        FixedQuotas quotas = new FixedQuotas();
        if (counted) {
            quotas.of(new Scope("acme", "many"), new Quota(8, 1_500))
                    .of(new Scope("acme", "each"), new Quota(8, 1_500));
        }
        RedisSecondLevel counting = level.counting(quotas);
        for (int round = 0; round < ROUNDS; round++) {
            int size = 2 + random.nextInt(15);
            List<PutRequest> together = new ArrayList<>();
            List<PutRequest> each = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                int number = random.nextInt(12);
                int kind = random.nextInt(6);
                CacheValue value = CacheValue.of(new byte[random.nextInt(300)], "text/plain");
                Lifetime life = random.nextInt(4) == 0 ? LIFE.withIdle(Duration.ofMinutes(20)) : LIFE;
                together.add(new PutRequest(key("many", number), value, life, condition(key("many", number), kind)));
                each.add(new PutRequest(key("each", number), value, life, condition(key("each", number), kind)));
            }

            List<PutOutcome> outcomes = await(counting.putAll(together, SecondLevel.NO_HURRY));

            for (int i = 0; i < size; i++) {
                String expected = toldAlone(counting, each.get(i));
                assertThat(told(outcomes.get(i))).as("%s of round %s", i, round).isEqualTo(expected);
            }
            for (int number = 0; number < 12; number++) {
                assertThat(value(key("many", number))).isEqualTo(value(key("each", number)));
            }
        }
    }

    @Test
    void isOneCommandAndNotesEachChange() {
        List<PutRequest> puts = Stream.generate(PutScriptIT::request).limit(20).toList();
        await(level.putAll(puts, SecondLevel.NO_HURRY));
        long before = commands("evalsha");

        List<PutOutcome> outcomes = await(level.putAll(puts, SecondLevel.NO_HURRY));

        assertThat(commands("evalsha")).isEqualTo(before + 1);
        List<Written> written = outcomes.stream()
                .map(PutOutcome::written)
                .filter(Objects::nonNull)
                .toList();
        assertThat(written).hasSize(20).noneMatch(Written::created);
        try (WriteIntents intents = new WriteIntents(connections, CacheSettings.defaults(), InstantSource.system())) {
            assertThat(await(intents.overdue(Duration.ofHours(-1), 100)))
                    .extracting(WriteIntents.Intent::version)
                    .containsAll(written.stream().map(Written::version).toList());
        }
    }

    @Test
    void whatFailsFailsAloneAndTheOthersArePut() {
        PutRequest list = request();
        await(redis().listCommands()
                .lPush(RedisConnections.ONE.entry(list.key()), List.of(RedisArguments.text("not from here"))));
        List<PutRequest> puts = List.of(request(), list, request());

        List<PutOutcome> outcomes = await(level.putAll(puts, SecondLevel.NO_HURRY));

        assertThat(outcomes.get(1).refusal())
                .isInstanceOf(SecondLevelUnavailableException.class)
                .hasRootCauseMessage("WRONGTYPE Operation against a key holding the wrong kind of value");
        for (int i = 0; i < 3; i += 2) {
            assertThat(outcomes.get(i).written()).isNotNull();
            assertThat(value(puts.get(i).key())).contains(text("a"));
        }
    }

    @Test
    void noneIsMadeWhenTheyComeTooLate() {
        List<PutRequest> puts = List.of(request(), request());

        assertThatThrownBy(() -> await(level.putAll(puts, Duration.ofSeconds(-1))))
                .hasRootCauseInstanceOf(TimeoutException.class);

        assertThat(puts).allMatch(put -> value(put.key()).isEmpty());
        assertThat(await(level.putAll(puts, Duration.ofSeconds(30)))).allMatch(outcome -> outcome.written() != null);
    }

    @Test
    void thoseThatCountAndThoseThatDoNotAreLeft() {
        FixedQuotas quotas = new FixedQuotas().of(new Scope("acme", "many"), new Quota(8, 1_500));
        List<PutRequest> puts = List.of(request(), new PutRequest(key("many", 1), text("a"), LIFE, Condition.any()));

        assertThat(await(level.counting(quotas).putAll(puts, SecondLevel.NO_HURRY)))
                .containsExactly(PutOutcome.LEFT, PutOutcome.LEFT);
    }

    private static PutRequest request() {
        return new PutRequest(newKey(), text("a"), LIFE, Condition.any());
    }

    private static CacheKey key(String namespace, int number) {
        return new CacheKey("acme", namespace, "kéy:" + number + "}");
    }

    private Condition condition(CacheKey key, int kind) {
        return switch (kind) {
            case 0 -> Condition.absent();
            case 1 -> Condition.present();
            case 2 -> Condition.version(version(key));
            default -> Condition.any();
        };
    }

    private long version(CacheKey key) {
        return await(level.stamp(key).map(SecondLevel.Stamp::version).defaultIfEmpty(1L));
    }

    private Optional<CacheValue> value(CacheKey key) {
        return level.fetch(key).map(SecondLevel.Fetched::value).blockOptional();
    }

    private static String toldAlone(RedisSecondLevel level, PutRequest put) {
        return await(level.put(put.key(), put.value(), put.lifetime(), put.condition())
                .map(written -> "created " + written.created())
                .onErrorResume(RuntimeException.class, refusal -> Mono.just(told(new PutOutcome(null, refusal)))));
    }

    private static String told(PutOutcome outcome) {
        Written written = outcome.written();
        if (written != null) {
            return "created " + written.created();
        }
        return outcome.refusal() instanceof ConditionFailedException failed
                ? "condition failed, there " + failed.currentVersion().isPresent()
                : String.valueOf(outcome.refusal());
    }

    private long commands(String name) {
        Properties stats = await(redis().serverCommands().info("commandstats"));
        String line = stats.getProperty("cmdstat_" + name);
        return Long.parseLong(line.substring("calls=".length(), line.indexOf(',')));
    }

    private ReactiveRedisConnection redis() {
        return connections.getReactiveConnection();
    }
}
