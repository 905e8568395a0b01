package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryScript.Answer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The one connection to Redis, made at its first use. Commands that are given without waiting leave in one go. */
final class RedisLink {

    /** What Reactor takes for no end. */
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private final Mono<ReactiveRedisConnection> connection;
    private final RedisNames names;
    private final RedisReturn returns = new RedisReturn();

    /** The factory stays the caller's, and should share one native connection, which is its default. */
    RedisLink(ReactiveRedisConnectionFactory connections) {
        names = new RedisNames(connections instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware());
        // The first connect blocks its thread; later ones are the driver's own affair.
        connection = Mono.fromCallable(() -> connected(connections))
                .subscribeOn(Schedulers.boundedElastic())
                .cache(ignored -> FOREVER, ignored -> Duration.ZERO, () -> Duration.ZERO);
    }

    private ReactiveRedisConnection connected(ReactiveRedisConnectionFactory connections) {
        ReactiveRedisConnection made = connections.getReactiveConnection();
        returns.watch(connections);
        return made;
    }

    /** Each time when a connection that broke was made again: what is there may be less, or older, than what was. */
    Disposable onReturn(Runnable task) {
        return returns.then(task);
    }

    RedisNames names() {
        return names;
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

    /** The answer as it is. */
    Mono<Object> ask(EntryScript script, int keys, ByteBuffer... arguments) {
        return connection.flatMap(redis -> script.ask(redis.scriptingCommands(), keys, arguments));
    }
}
