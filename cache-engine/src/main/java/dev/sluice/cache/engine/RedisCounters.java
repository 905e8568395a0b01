package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryScript.Answer;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Numbers that many nodes add to, each add whole and within bounds. They are in Redis alone and read from there. All
 * methods fail with {@link SecondLevelUnavailableException}; an add without an answer may have been made.
 */
public final class RedisCounters implements AutoCloseable {

    /** Redis counts in Lua, which holds this exactly. */
    public static final long MAX = (1L << 53) - 1;

    private final EntryScript script = EntryScript.alone("counter.lua");
    private final RedisLink redis;
    private final CallGuard guard;

    /** As {@link RedisSecondLevel}; the clock only tells when to try again after an outage. */
    public RedisCounters(ReactiveRedisConnectionFactory connections, CacheSettings settings, InstantSource clock) {
        this(connections, settings, clock, Schedulers.parallel());
    }

    RedisCounters(
            ReactiveRedisConnectionFactory connections,
            CacheSettings settings,
            InstantSource clock,
            Scheduler scheduler) {
        this.redis = new RedisLink(connections);
        this.guard = new CallGuard(settings, clock, scheduler, () -> {}, redis::ping);
    }

    /** Ends the looking after Redis during an outage; the connections stay the caller's. */
    @Override
    public void close() {
        guard.close();
    }

    /**
     * What an add asks for.
     *
     * @param life counted from the first add; a counter that is there keeps its own
     */
    public record Add(long delta, long min, long max, Duration life) {

        public Add {
            requireExact(delta, "delta");
            requireExact(min, "min");
            requireExact(max, "max");
            if (min > max) {
                throw new IllegalArgumentException("min must not be greater than max");
            }
            if (life.toMillis() < 1) {
                throw new IllegalArgumentException("life must be at least 1 ms");
            }
        }

        private static void requireExact(long number, String name) {
            if (number < -MAX || number > MAX) {
                throw new IllegalArgumentException(name + " must be within 53 bits");
            }
        }
    }

    /**
     * A counter after an add.
     *
     * @param added whether it was; when not, the sum would have been out of bounds
     * @param remaining until it is forgotten; zero when there is none
     */
    public record Count(boolean added, long value, Duration remaining) {}

    /** Begins at 0 where there is none. */
    public Mono<Count> add(CacheKey key, Add add) {
        return guard.guarded(() -> redis.run(
                        script,
                        RedisArguments.counter(key),
                        RedisArguments.number(add.delta()),
                        RedisArguments.number(add.min()),
                        RedisArguments.number(add.max()),
                        RedisArguments.number(add.life().toMillis())))
                .map(RedisCounters::count);
    }

    /** Empty when there is none. */
    public Mono<Count> find(CacheKey key) {
        return guard.guarded(() -> redis.run(
                        script,
                        RedisArguments.counter(key),
                        RedisArguments.number(0),
                        // Nothing is within these bounds, so nothing is added.
                        RedisArguments.number(1),
                        RedisArguments.number(0),
                        RedisArguments.number(1)))
                .map(RedisCounters::count)
                .filter(count -> count.remaining().isPositive());
    }

    /** Answers whether there was one. */
    public Mono<Boolean> delete(CacheKey key) {
        return guard.guarded(() -> redis.ask(connection ->
                connection.keyCommands().del(RedisArguments.counter(key)).map(deleted -> deleted > 0)));
    }

    private static Count count(Answer answer) {
        return new Count(answer.state() == 1, answer.number(), Duration.ofMillis(answer.flag()));
    }
}
