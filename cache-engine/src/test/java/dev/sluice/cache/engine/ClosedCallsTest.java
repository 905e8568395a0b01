package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.Quotas.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.ReactiveRedisClusterConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Who asks Redis for something looks after it during an outage, and no longer than until it is closed. */
class ClosedCallsTest {

    private static final CacheSettings SETTINGS = CacheSettings.defaults().withBreaker(1, Duration.ofSeconds(1));
    private static final CacheKey KEY = new CacheKey("t", "n", "k");

    /** What asks Redis over the connections. */
    record Asker(AutoCloseable closed, Mono<?> question) {}

    /** Makes one. */
    interface Kind {
        Asker over(ReactiveRedisConnectionFactory connections, InstantSource clock, VirtualTimeScheduler scheduler);
    }

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final InstantSource clock = () -> Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS));

    private static final class OutOfReach implements ReactiveRedisConnectionFactory {

        @Override
        public ReactiveRedisConnection getReactiveConnection() {
            throw new IllegalStateException("told to fail");
        }

        @Override
        public ReactiveRedisClusterConnection getReactiveClusterConnection() {
            throw new IllegalStateException("told to fail");
        }

        @Override
        public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException e) {
            return null;
        }
    }

    static List<Kind> kinds() {
        return List.of(
                (connections, clock, scheduler) -> {
                    RedisLocks locks = new RedisLocks(connections, SETTINGS, clock, new Random(1), scheduler);
                    return new Asker(locks, locks.find(KEY));
                },
                (connections, clock, scheduler) -> {
                    RedisFacts facts = new RedisFacts(connections, SETTINGS, clock, scheduler);
                    return new Asker(facts, facts.servers());
                },
                (connections, clock, scheduler) -> {
                    RedisSweep sweep = new RedisSweep(connections, SETTINGS, clock, scheduler);
                    return new Asker(sweep, sweep.progress("t", 1));
                },
                (connections, clock, scheduler) -> {
                    WriteIntents intents = new WriteIntents(connections, SETTINGS, clock, scheduler);
                    return new Asker(intents, intents.overdue(Duration.ZERO, 1));
                },
                (connections, clock, scheduler) -> {
                    RedisCounters counters = new RedisCounters(connections, SETTINGS, clock, scheduler);
                    return new Asker(counters, counters.find(KEY));
                },
                (connections, clock, scheduler) -> {
                    RedisLedgers ledgers = new RedisLedgers(connections, SETTINGS, clock, scheduler);
                    return new Asker(ledgers, ledgers.usage(new Scope("t", "n")));
                });
    }

    /** Or the next test would see nothing. */
    @ParameterizedTest
    @MethodSource("kinds")
    void looksAfterRedisInAnOutage(Kind kind) {
        Asker _ = cutOff(kind);
        long before = scheduler.getScheduledTaskCount();

        scheduler.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(scheduler.getScheduledTaskCount()).isGreaterThan(before);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void doesNotOnceItIsClosed(Kind kind) throws Exception {
        Asker asker = cutOff(kind);
        long before = scheduler.getScheduledTaskCount();
        asker.closed().close();

        scheduler.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(scheduler.getScheduledTaskCount()).isEqualTo(before);
    }

    private Asker cutOff(Kind kind) {
        Asker asker = kind.over(new OutOfReach(), clock, scheduler);
        asker.question().onErrorComplete().block();
        return asker;
    }
}
