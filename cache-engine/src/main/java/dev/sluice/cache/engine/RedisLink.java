package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryScript.Answer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The one connection to Redis, made at its first use. Commands that are given without waiting leave in one go. */
final class RedisLink {

    /** What Reactor takes for no end. */
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private final Mono<ReactiveRedisConnection> connection;

    /** The factory stays the caller's, and should share one native connection, which is its default. */
    RedisLink(ReactiveRedisConnectionFactory connections) {
        // The first connect blocks its thread; later ones are the driver's own affair.
        connection = Mono.fromCallable(connections::getReactiveConnection)
                .subscribeOn(Schedulers.boundedElastic())
                .cache(ignored -> FOREVER, ignored -> Duration.ZERO, () -> Duration.ZERO);
    }

    Mono<Void> ping() {
        return connection.flatMap(ReactiveRedisConnection::ping).then();
    }

    <T> Mono<T> ask(Function<ReactiveRedisConnection, Mono<T>> question) {
        return connection.flatMap(question);
    }

    /** The first argument is a key. */
    Mono<Answer> run(EntryScript script, ByteBuffer... arguments) {
        return run(script, 1, arguments);
    }

    Mono<Answer> run(EntryScript script, int keys, ByteBuffer... arguments) {
        return connection.flatMap(redis -> script.run(redis.scriptingCommands(), keys, arguments));
    }
}
