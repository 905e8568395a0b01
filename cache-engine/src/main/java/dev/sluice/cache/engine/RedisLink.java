package dev.sluice.cache.engine;

import dev.sluice.cache.engine.EntryScript.Answer;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The connections to Redis, made at their first use. */
final class RedisLink {

    /** What Reactor takes for no end. */
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private final Mono<ReactiveRedisConnection> connection;
    private final RedisNames names;
    private final RedisReturn returns = new RedisReturn();
    private final @Nullable Mono<StatefulConnection<byte[], byte[]>> driver;

    /** The factory stays the caller's, and should share one native connection, which is its default. */
    RedisLink(ReactiveRedisConnectionFactory connections) {
        LettuceConnectionFactory lettuce = connections instanceof LettuceConnectionFactory some ? some : null;
        names = new RedisNames(lettuce != null && lettuce.isClusterAware());
        // The first connect blocks its thread; later ones are the driver's own affair.
        connection = once(blocking(() -> connected(connections)));
        // After the other, with which it begins that a return is noticed.
        driver = lettuce == null || lettuce.isClusterAware()
                ? null
                : once(connection.then(blocking(() -> driverOf(lettuce))));
    }

    private static <T> Mono<T> blocking(Callable<T> connecting) {
        return Mono.fromCallable(connecting).subscribeOn(Schedulers.boundedElastic());
    }

    private static <T> Mono<T> once(Mono<T> connected) {
        return connected.cache(ignored -> FOREVER, ignored -> Duration.ZERO, () -> Duration.ZERO);
    }

    /** What is shared, so that there is nothing to give back. */
    // It speaks bytes, and nothing else leads from what is shared to its connection.
    @SuppressWarnings({"unchecked", "deprecation"})
    private static StatefulConnection<byte[], byte[]> driverOf(LettuceConnectionFactory connections) {
        return ((RedisAsyncCommands<byte[], byte[]>) connections.getConnection().getNativeConnection())
                .getStatefulConnection();
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

    /** A connection of the driver that takes several commands at once; null on a Redis Cluster, whose commands may go to several masters. */
    @Nullable
    Mono<StatefulConnection<byte[], byte[]>> driver() {
        return driver;
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
