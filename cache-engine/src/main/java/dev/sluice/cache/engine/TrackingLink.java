package dev.sluice.cache.engine;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One connection to one master, on which nothing is done but listening: {@code CLIENT TRACKING} in broadcast mode names
 * every entry that is changed, removed, expired or evicted, whoever does it. A connection that breaks is never used
 * again, since the driver would mend it without what makes it listen; another one takes its place.
 */
final class TrackingLink implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TrackingLink.class);

    /** How often the connection is tried, which finds those that broke without a word. */
    private static final Duration BEAT = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** A server that does not do it may be replaced, or its permissions changed. */
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(60);

    /** Told on the driver's threads: must be quick and must not block. */
    interface Listener {

        /** From now on everything is heard; nothing is known of what was before. */
        void onArmed();

        void onChanged(CacheKey key);

        /** Redis was emptied. */
        void onEmptied();
    }

    /** How the link does. */
    enum State {
        AWAY,
        ARMED,
        /** The server cannot do it or does not allow it. */
        REFUSED
    }

    private final Callable<StatefulRedisConnection<byte[], byte[]>> connect;
    private final RedisNames names;
    private final Listener listener;
    private final Scheduler scheduler;
    private final Disposable life;
    private volatile State state = State.AWAY;
    private final AtomicInteger failures = new AtomicInteger();

    /** @param connect may block */
    TrackingLink(
            Callable<StatefulRedisConnection<byte[], byte[]>> connect,
            RedisNames names,
            Listener listener,
            Scheduler scheduler) {
        this.connect = connect;
        this.names = names;
        this.listener = listener;
        this.scheduler = scheduler;
        life = Mono.defer(this::once)
                .onErrorResume(this::failed)
                .repeatWhen(ended -> ended.concatMap(ignored -> Mono.delay(pause(), scheduler)))
                .subscribe();
    }

    State state() {
        return state;
    }

    @Override
    public void close() {
        life.dispose();
        state = State.AWAY;
    }

    /** Ends when the connection is of no use any more. */
    private Mono<Void> once() {
        return Mono.usingWhen(
                Mono.fromCallable(connect).subscribeOn(Schedulers.boundedElastic()),
                this::listen,
                connection -> Mono.fromFuture(connection::closeAsync));
    }

    private Mono<Void> listen(StatefulRedisConnection<byte[], byte[]> connection) {
        Sinks.Empty<Void> broken = Sinks.empty();
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                broken.tryEmitError(new IllegalStateException("the connection broke"));
            }
        });
        connection.addListener(this::onPush);
        TrackingArgs everyEntry =
                TrackingArgs.Builder.enabled().bcast().prefixes(StandardCharsets.UTF_8, RedisNames.ENTRIES);
        Mono<Void> beats = Flux.interval(BEAT, scheduler)
                .onBackpressureDrop()
                .concatMap(ignored -> greet(connection), 1)
                .then();
        return greet(connection)
                .then(connection.reactive().clientTracking(everyEntry).timeout(PATIENCE, scheduler))
                .doOnNext(ignored -> armed())
                .then(Mono.firstWithSignal(broken.asMono(), beats));
    }

    /** Fails when the server cannot push, or is no master any more. */
    private Mono<Void> greet(StatefulRedisConnection<byte[], byte[]> connection) {
        return connection
                .reactive()
                .<Object>dispatch(CommandType.HELLO, new ArrayOutput<>(ByteArrayCodec.INSTANCE))
                .collectList()
                .timeout(PATIENCE, scheduler)
                .map(Greeting::of)
                .flatMap(greeting ->
                        greeting.objection().<Mono<Void>>map(Mono::error).orElse(Mono.empty()));
    }

    private void armed() {
        listener.onArmed();
        failures.set(0);
        state = State.ARMED;
        log.info("Redis tells this node of every change of an entry");
    }

    private Mono<Void> failed(Throwable error) {
        State before = state;
        state = isRefusal(error) ? State.REFUSED : State.AWAY;
        failures.incrementAndGet();
        if (state == State.REFUSED && before != State.REFUSED) {
            log.warn(
                    "Redis does not tell of changes behind the cache's back, which are noticed when copies end: {}",
                    error.getMessage());
        } else if (before == State.ARMED) {
            log.warn("The connection on which Redis tells of changes is lost: {}", error.toString());
        } else {
            log.debug("Redis does not tell of changes yet", error);
        }
        return Mono.empty();
    }

    private Duration pause() {
        if (state == State.REFUSED) {
            return PAUSE_AFTER_REFUSAL;
        }
        long longest = Math.min(LONGEST_PAUSE.toMillis(), SHORTEST_PAUSE.toMillis() << Math.min(failures.get(), 10));
        // At random, since all nodes lose a Redis at the same time.
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    }

    /** Not those of a server that is starting or busy. */
    private static boolean isRefusal(Throwable error) {
        String message = error.getMessage();
        return error instanceof Greeting.NoPushException
                || (error instanceof RedisCommandExecutionException
                        && message != null
                        && (message.startsWith("NOPERM") || message.startsWith("ERR")));
    }

    private void onPush(PushMessage message) {
        if (!message.getType().equals("invalidate")) {
            return;
        }
        List<Object> content = message.getContent();
        if (content.size() > 1 && content.get(1) instanceof List<?> changed) {
            changed.forEach(this::onChanged);
        } else {
            listener.onEmptied();
        }
    }

    private void onChanged(Object name) {
        if (name instanceof ByteBuffer bytes) {
            names.entryOf(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString())
                    .ifPresent(listener::onChanged);
        }
    }
}
