package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryCodec.Stored;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The second level in Redis: one string per entry, changed by scripts alone. Reads and writes go to the master. */
public final class RedisSecondLevel implements SecondLevel {

    /** Far longer than any call can be under way, short enough that deleted keys cost little. */
    static final Duration TOMBSTONE_LIFE = Duration.ofSeconds(60);

    /** What Reactor takes for no end. */
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private static final Logger log = LoggerFactory.getLogger(RedisSecondLevel.class);

    private final EntryScript putScript = new EntryScript("put.lua");
    private final EntryScript deleteScript = new EntryScript("delete.lua");
    private final Mono<ReactiveRedisConnection> connection;

    /** The factory stays the caller's, and should share one native connection, which is its default. */
    public RedisSecondLevel(ReactiveRedisConnectionFactory connections) {
        // The first connect blocks its thread; later ones are the driver's own affair.
        connection = Mono.fromCallable(connections::getReactiveConnection)
                .subscribeOn(Schedulers.boundedElastic())
                .cache(ignored -> FOREVER, ignored -> Duration.ZERO, () -> Duration.ZERO);
    }

    /**
     * Asks for the life left before the value: should the value change between the two, the life is that of an older
     * one and is cut to what the newer one was given.
     */
    @Override
    public Mono<Fetched> fetch(CacheKey key) {
        ByteBuffer name = RedisArguments.key(key);
        return connection.flatMap(redis -> Mono.zip(
                        redis.keyCommands().pTtl(name.duplicate()),
                        redis.stringCommands().get(name.duplicate()))
                .flatMap(answer -> Mono.justOrEmpty(fetched(answer.getT1(), answer.getT2()))));
    }

    @Override
    public Mono<Written> put(CacheKey key, CacheValue value, Duration ttl, Condition condition) {
        return connection
                .flatMap(redis -> putScript.run(
                        redis.scriptingCommands(),
                        RedisArguments.key(key),
                        RedisArguments.number(ttl.toMillis()),
                        RedisArguments.name(condition),
                        RedisArguments.version(condition),
                        EntryCodec.encodeBody(value)))
                .map(answer -> answer.orRefusal())
                .map(answer -> new Written(answer.version(), !answer.existed()));
    }

    @Override
    public Mono<DeleteResult> delete(CacheKey key, Condition condition) {
        return connection
                .flatMap(redis -> deleteScript.run(
                        redis.scriptingCommands(),
                        RedisArguments.key(key),
                        RedisArguments.number(TOMBSTONE_LIFE.toMillis()),
                        RedisArguments.name(condition),
                        RedisArguments.version(condition)))
                .map(answer -> answer.orRefusal())
                .map(answer -> new DeleteResult(answer.existed(), answer.version()));
    }

    /** Something unreadable is a miss, which the next put heals. */
    private static Optional<Fetched> fetched(long remainingMillis, ByteBuffer bytes) {
        try {
            return EntryCodec.decode(bytes).map(stored -> fetched(remainingMillis, stored));
        } catch (UnreadableEntryException e) {
            log.warn("an entry in Redis is unreadable and taken for absent: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Fetched fetched(long remainingMillis, Stored stored) {
        long life = stored.life().toMillis();
        long remaining = remainingMillis < 0 ? life : Math.min(life, remainingMillis);
        return new Fetched(
                stored.value(), stored.version(), Duration.ofMillis(life - remaining), Duration.ofMillis(remaining));
    }
}
