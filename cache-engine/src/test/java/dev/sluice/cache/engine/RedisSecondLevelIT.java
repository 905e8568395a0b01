package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.LIFE;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static dev.sluice.cache.engine.Samples.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.EntryCodec.Head;
import dev.sluice.cache.engine.EntryCodec.Stored;
import dev.sluice.cache.engine.SecondLevel.Fetched;
import dev.sluice.platform.test.LocalRedis;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The contract on a real Redis, and what is particular to it. */
class RedisSecondLevelIT extends SecondLevelContract {

    private static LettuceConnectionFactory connections;
    private static RedisSecondLevel level;

    @BeforeAll
    static void connect() {
        connections = RedisConnections.to(LocalRedis.shared());
        level = new RedisSecondLevel(connections);
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
    void whatTheScriptWritesIsWhatTheCodecReads() throws Exception {
        CacheKey key = newKey();
        long version = await(level.put(key, text("a"), LIFE, Condition.any())).version();

        ByteBuffer bytes = await(redis().stringCommands().get(RedisConnections.ONE.entry(key)));

        assertThat(EntryCodec.decode(bytes.duplicate()))
                .contains(new Stored(text("a"), new Head(version, version, LIFE, Duration.ZERO, List.of())));
        assertThat(bytes).isEqualTo(EntryBytes.value(text("a"), LIFE, version, bytes.getLong(10)));
    }

    @Test
    void largeValuesLiePackedAndAreReadByAll() {
        CacheKey key = newKey();
        CacheValue value = text("some text that is repeated, ".repeat(4_000)).withTags(List.of("a"));
        await(level.packingFrom(1_000).put(key, value, LIFE, Condition.any()));

        assertThat(await(redis().stringCommands().strLen(RedisConnections.ONE.entry(key))))
                .isLessThan(value.size() / 10);
        assertThat(await(level.fetch(key)).value()).isEqualTo(value);

        await(level.packingFrom(1_000).put(key, text("short"), LIFE, Condition.any()));
        assertThat(await(level.fetch(key)).value()).isEqualTo(text("short"));
    }

    @Test
    void aTombstoneIsAHeaderThatEndsByItself() throws Exception {
        CacheKey key = newKey();
        await(level.delete(key, Condition.any()));

        ByteBuffer bytes = await(redis().stringCommands().get(RedisConnections.ONE.entry(key)));
        long life = await(redis().keyCommands().pTtl(RedisConnections.ONE.entry(key)));

        assertThat(EntryCodec.decode(bytes)).isEmpty();
        assertThat(life).isBetween(1L, RedisSecondLevel.TOMBSTONE_LIFE.toMillis());
    }

    @Test
    void aVersionStaysAheadOfAClockThatWentBack() {
        CacheKey key = newKey();
        long future = Long.MAX_VALUE >>> 11;
        ByteBuffer tombstone = EntryBytes.tombstone(future, 1, 2);
        await(redis().stringCommands().set(RedisConnections.ONE.entry(key), tombstone));

        assertThat(await(level.put(key, text("a"), LIFE, Condition.absent())).version())
                .isEqualTo(future + 1);
    }

    @Test
    void somethingUnreadableIsAbsentAndHealedByAPut() {
        CacheKey key = newKey();
        await(redis().stringCommands().set(RedisConnections.ONE.entry(key), RedisArguments.text("not from here")));

        assertThat(level.fetch(key).blockOptional()).isEmpty();
        assertThat(await(level.put(key, text("a"), LIFE, Condition.absent())).created())
                .isTrue();
        assertThat(await(level.fetch(key)).value()).isEqualTo(text("a"));
    }

    @Test
    void somethingThatIsNoStringIsAnErrorForWhoReadsItAlone() {
        CacheKey list = newKey();
        CacheKey there = newKey();
        await(level.put(there, text("a"), LIFE, Condition.any()));
        await(redis().listCommands()
                .lPush(RedisConnections.ONE.entry(list), List.of(RedisArguments.text("not from here either"))));

        assertThatThrownBy(() -> level.fetch(list).block()).hasMessageContaining("WRONGTYPE");
        assertThat(await(level.fetch(there)).value()).isEqualTo(text("a"));
    }

    @Test
    void amongManyWhatIsNoEntryIsLeftToAReadOfItsOwn() {
        CacheKey there = newKey();
        CacheKey unreadable = newKey();
        CacheKey list = newKey();
        CacheKey none = newKey();
        await(level.put(there, text("a"), LIFE, Condition.any()));
        await(redis().stringCommands()
                .set(RedisConnections.ONE.entry(unreadable), RedisArguments.text("not from here")));
        await(redis().listCommands()
                .lPush(RedisConnections.ONE.entry(list), List.of(RedisArguments.text("not from here either"))));

        Map<CacheKey, Optional<Fetched>> found = await(level.fetchAll(List.of(list, there, unreadable, none)));

        assertThat(found).containsOnlyKeys(there, unreadable, none);
        assertThat(found.getOrDefault(there, Optional.empty()).map(Fetched::value))
                .contains(text("a"));
        assertThat(found.get(unreadable)).isEmpty();
        assertThat(found.get(none)).isEmpty();
    }

    @Test
    void whatWouldBeTooLargeTogetherIsLeftToReadsOfTheirOwn() {
        List<CacheKey> keys = Stream.generate(Samples::newKey).limit(5).toList();
        CacheValue large = CacheValue.of(new byte[FetchScript.ENOUGH_BYTES / 2], "");
        keys.forEach(key -> await(level.put(key, large, LIFE, Condition.any())));

        assertThat(await(level.fetchAll(keys))).containsOnlyKeys(keys.subList(0, 2));
        TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults())
                .secondLevel(level)
                .build();
        assertThat(await(cache.getAll(keys)))
                .allSatisfy(
                        read -> assertThat(read.entry().orElseThrow().value()).isEqualTo(large));
        cache.close();
    }

    @Test
    void aRedisThatForgotTheScriptsIsToldAgain() {
        CacheKey key = newKey();
        await(level.put(key, text("a"), LIFE, Condition.any()));
        await(redis().scriptingCommands().scriptFlush());

        assertThat(await(level.put(key, text("b"), LIFE, Condition.any())).created())
                .isFalse();
        assertThat(await(level.delete(key, Condition.any())).existed()).isTrue();
    }

    @Test
    void anEntryTakesItsEndWithItInRedis() {
        CacheKey key = newKey();
        await(level.put(key, text("a"), Lifetime.of(Duration.ofSeconds(30)), Condition.any()));

        assertThat(await(redis().keyCommands().pTtl(RedisConnections.ONE.entry(key))))
                .isBetween(1L, 30_000L);
    }

    @Test
    void aReadIsWrittenDownAFewTimesInAnIdleTime() {
        CacheKey key = newKey();
        Lifetime lifetime = LIFE.withIdle(Duration.ofMinutes(20));
        long version =
                await(level.put(key, text("a"), lifetime, Condition.any())).version();
        leave(key, Duration.ofMinutes(24));

        await(level.fetch(key));
        assertThat(await(level.touch(key, version))).isLessThanOrEqualTo(Duration.ofMinutes(24));
        assertThat(left(key)).isLessThanOrEqualTo(Duration.ofMinutes(24));

        leave(key, Duration.ofMinutes(22));
        assertThat(await(level.touch(key, version))).isBetween(Duration.ofMinutes(24), Duration.ofMinutes(25));
        assertThat(left(key)).isBetween(Duration.ofMinutes(24), Duration.ofMinutes(25));
        leave(key, Duration.ofMinutes(1));
        assertThat(await(level.fetch(key)).left()).isBetween(Duration.ofMinutes(24), Duration.ofMinutes(25));
    }

    @Test
    void whatIsMadeStaleKeepsItsIdleEnd() {
        CacheKey key = newKey();
        Lifetime lifetime =
                new Lifetime(Duration.ofHours(1), Duration.ofHours(2), Duration.ZERO).withIdle(Duration.ofMinutes(20));
        long version =
                await(level.put(key, text("a"), lifetime, Condition.any())).version();

        long softened = await(EntryScript.entry("soften.lua")
                        .run(
                                redis().scriptingCommands(),
                                1,
                                RedisConnections.ONE.entry(key),
                                RedisArguments.number(version),
                                RedisArguments.number(1_000),
                                RedisArguments.number(Duration.ofHours(2).toMillis() + 1_000)))
                .state();

        assertThat(softened).isEqualTo(1);
        assertThat(left(key)).isBetween(Duration.ofMinutes(24), Duration.ofMinutes(25));
        assertThat(await(level.fetch(key)).lifetime()).isEqualTo(lifetime.withFresh(Duration.ofSeconds(1)));
    }

    private static void leave(CacheKey key, Duration time) {
        await(redis().keyCommands().pExpire(RedisConnections.ONE.entry(key), time));
    }

    private static Duration left(CacheKey key) {
        return Duration.ofMillis(await(redis().keyCommands().pTtl(RedisConnections.ONE.entry(key))));
    }

    private static ReactiveRedisConnection redis() {
        return connections.getReactiveConnection();
    }
}
