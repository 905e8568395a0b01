package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryScript.Answer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Locks with an end, each with a fencing token that grows with every owner: whatever the lock protects refuses tokens
 * lower than one it has seen, since an owner that was paused cannot know that its lock has ended (Kleppmann, How to do
 * distributed locking, 2016). They are in Redis alone. All methods fail with {@link SecondLevelUnavailableException};
 * who had no answer asks again as the same owner.
 */
public final class RedisLocks implements AutoCloseable {

    /** Those who wait look again this often, each a little off the others. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final EntryScript acquireScript = EntryScript.lock("acquire.lua");
    private final EntryScript renewScript = EntryScript.lock("renew.lua");
    private final RedisLink redis;
    private final CallGuard guard;
    private final Scheduler scheduler;
    private final RandomGenerator random;

    /** As {@link RedisSecondLevel}; the clock only tells when to try again after an outage. */
    public RedisLocks(
            ReactiveRedisConnectionFactory connections,
            CacheSettings settings,
            InstantSource clock,
            RandomGenerator random) {
        this(connections, settings, clock, random, Schedulers.parallel());
    }

    RedisLocks(
            ReactiveRedisConnectionFactory connections,
            CacheSettings settings,
            InstantSource clock,
            RandomGenerator random,
            Scheduler scheduler) {
        this.redis = new RedisLink(connections);
        this.scheduler = scheduler;
        this.guard = new CallGuard(settings, clock, scheduler, () -> {}, redis::ping);
        this.random = random;
    }

    /** Ends the looking after Redis during an outage; the connections stay the caller's. */
    @Override
    public void close() {
        guard.close();
    }

    /**
     * A lock as it is.
     *
     * @param own whether it is the asker's
     * @param token of who holds it; 0 when nobody does
     * @param remaining until it ends
     */
    public record Held(boolean own, long token, Duration remaining) {}

    /** An owner that holds it already keeps its token and has it for a whole life again. */
    public Mono<Held> acquire(CacheKey name, String owner, Duration life) {
        return guard.guarded(() -> redis.run(
                        acquireScript,
                        RedisArguments.lock(name),
                        RedisArguments.text(owner),
                        RedisArguments.number(life.toMillis())))
                .map(RedisLocks::held);
    }

    /** As {@link #acquire(CacheKey, String, Duration)}, again and again until it is had or the patience is over. */
    public Mono<Held> acquire(CacheKey name, String owner, Duration life, Duration patience) {
        return acquire(name, owner, life).flatMap(held -> {
            if (held.own() || !patience.isPositive()) {
                return Mono.just(held);
            }
            Duration pause = pause(held, patience);
            return Mono.delay(pause, scheduler).then(acquire(name, owner, life, patience.minus(pause)));
        });
    }

    /** Not own when it had ended or was never had: then the work it protects is to stop. */
    public Mono<Held> renew(CacheKey name, long token, Duration life) {
        return guard.guarded(() -> redis.run(
                        renewScript,
                        RedisArguments.lock(name),
                        RedisArguments.number(token),
                        RedisArguments.number(life.toMillis())))
                .map(RedisLocks::held);
    }

    /** Answers whether it was still held with the token. */
    public Mono<Boolean> release(CacheKey name, long token) {
        return renew(name, token, Duration.ZERO).map(Held::own);
    }

    /** Never own. */
    public Mono<Held> find(CacheKey name) {
        return renew(name, 0, Duration.ZERO);
    }

    /** No longer than until it ends or the patience does. */
    private Duration pause(Held held, Duration patience) {
        long most = Math.min(patience.toMillis(), Math.max(1, held.remaining().toMillis()));
        long usual = LOOK_AGAIN.toMillis() / 2 + random.nextLong(LOOK_AGAIN.toMillis());
        return Duration.ofMillis(Math.max(1, Math.min(most, usual)));
    }

    private static Held held(Answer answer) {
        return new Held(answer.state() == 1, answer.number(), Duration.ofMillis(answer.flag()));
    }
}
