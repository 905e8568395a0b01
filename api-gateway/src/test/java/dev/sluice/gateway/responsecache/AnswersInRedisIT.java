package dev.sluice.gateway.responsecache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.RedisSecondLevel;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.gateway.responsecache.Library.Found;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalRedis;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.ReactiveRedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Two gateways share their answers in Redis, whose answers a test may hold back; of removals they hear when it says so. */
class AnswersInRedisIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final IsolatedRedis REDIS = LocalRedis.newIsolated();

    private static LettuceConnectionFactory connections;

    private final FakeClock clock = FakeClock.fixed();
    private Held held;
    private GatewayMemory one;
    private GatewayMemory other;

    /** Redis, of which one kind of call is held back. */
    private static final class Held {

        private final RedisSecondLevel real;
        private final SecondLevel redis = (SecondLevel) Proxy.newProxyInstance(
                SecondLevel.class.getClassLoader(), new Class<?>[] {SecondLevel.class}, this::call);
        private volatile String kind = "";
        private volatile Sinks.Empty<Void> gate = Sinks.empty();
        private volatile boolean reached;
        private volatile boolean away;

        Held(RedisSecondLevel real) {
            this.real = real;
        }

        void hold(String called) {
            gate = Sinks.empty();
            reached = false;
            kind = called;
        }

        void letGo() {
            kind = "";
            gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        }

        private Object call(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (away) {
                return Mono.error(new RedisConnectionFailureException("away"));
            }
            try {
                Object returned = method.invoke(real, arguments);
                if (!method.getName().equals(kind) || !(returned instanceof Mono<?> answer)) {
                    return returned;
                }
                Mono<Void> end = gate.asMono();
                // What is read is read at once and comes late; what is written is written late.
                return kind.equals("fetch")
                        ? answer.doOnNext(read -> reached = true).delayUntil(read -> end)
                        : end.then(answer);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    @BeforeAll
    static void connect() {
        connections = new LettuceConnectionFactory(REDIS.host(), REDIS.port());
        connections.afterPropertiesSet();
        connections.start();
    }

    @AfterAll
    static void disconnect() {
        connections.destroy();
        REDIS.close();
    }

    @BeforeEach
    void empty() {
        ReactiveRedisConnection connection = connections.getReactiveConnection();
        String _ = connection.serverCommands().flushAll().block(PATIENCE);
        held = new Held(new RedisSecondLevel(connections));
        one = gateway(held.redis);
        other = gateway(held.real);
    }

    private GatewayMemory gateway(SecondLevel redis) {
        CacheSettings settings =
                CacheSettings.defaults().withFirstLevelMaxBytes(1).withSecondLevelDeadline(PATIENCE);
        TwoLevelCache level =
                TwoLevelCache.builder(settings).secondLevel(redis).clock(clock).build();
        return new GatewayMemory(clock, new FarStore(level, level, PATIENCE, clock));
    }

    private void tick() {
        var _ = clock.advance(Duration.ofMillis(1));
    }

    /** Redis has it, and neither gateway a copy. */
    private void keepInRedis() {
        GatewayMemory third = gateway(held.real);
        assertThat(third.has()).isFalse();
        third.keep(clock.millis());
        GatewayMemory fourth = gateway(held.real);
        await().atMost(PATIENCE).until(fourth::has);
        tick();
    }

    private void removeOn(GatewayMemory gateway) {
        gateway.library.remove(GatewayMemory.KEY);
        await().atMost(PATIENCE).until(() -> !gateway.announced.isEmpty());
        tick();
    }

    @Test
    void tellsTheOthersOnceRedisHasHeard() {
        keepInRedis();
        held.hold("put");
        one.library.remove(GatewayMemory.KEY);
        assertThat(one.announced).isEmpty();
        held.letGo();
        await().atMost(PATIENCE).until(() -> one.announced.size() == 1);
        tick();
        assertThat(other.has()).isFalse();
    }

    @Test
    void doesNotReadBackWhatRedisDoesNotKnowToBeRemoved() {
        keepInRedis();
        held.hold("put");
        one.library.remove(GatewayMemory.KEY);
        tick();
        assertThat(other.has()).isTrue();
        assertThat(one.has()).isFalse();
        held.letGo();
        await().atMost(PATIENCE).until(() -> !one.announced.isEmpty());
        other.hears(one);
        tick();
        assertThat(other.has()).isFalse();
    }

    @Test
    void doesNotUseWhatWasReadBeforeARemovalWasHeard() {
        keepInRedis();
        held.hold("fetch");
        CompletableFuture<@Nullable Boolean> reading = one.library
                .find(GatewayMemory.KEY, name -> List.of())
                .map(found -> found.answer() != null)
                .toFuture();
        await().atMost(PATIENCE).until(() -> held.reached);
        tick();
        removeOn(other);
        one.hears(other);
        tick();
        held.letGo();
        assertThat(reading.join()).isFalse();
        assertThat(one.has()).isFalse();
    }

    @Test
    void noAnswerFromBeforeARemovalGetsIntoRedis() {
        Found before = one.find();
        long asked = clock.millis();
        tick();
        removeOn(other);
        one.keep(asked, before, GatewayMemory.NAMELESS);
        // It is refused there, and then dropped here.
        await().atMost(PATIENCE).until(() -> !one.has());
        assertThat(other.has()).isFalse();
        tick();
        one.keep(clock.millis());
        await().atMost(PATIENCE).until(other::has);
    }

    @Test
    void noAnswerFromBeforeARemovalReplacesWhatWasThere() {
        keepInRedis();
        Found before = one.find();
        long asked = clock.millis();
        tick();
        removeOn(other);
        one.keep(asked, before, GatewayMemory.NAMELESS);
        await().atMost(PATIENCE).until(() -> !one.has());
        assertThat(other.has()).isFalse();
    }

    /** As the answer to a POST that changes its own URL, and says what a GET of it is answered from now on. */
    @Test
    void keepsWhatComesWithARemovalOfWhichRedisHasNotHeard() {
        held.hold("put");
        one.library.remove(GatewayMemory.KEY);
        Sinks.Empty<Void> first = held.gate;
        held.hold("put");
        one.library.remove(GatewayMemory.KEY);
        tick();
        first.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        await().atMost(PATIENCE).until(() -> one.announced.size() == 1);
        one.keep(clock.millis(), null, GatewayMemory.NAMELESS);
        held.letGo();
        await().atMost(PATIENCE).until(() -> one.announced.size() == 2);
        // What one puts comes to Redis in its order.
        one.library.remove(GatewayMemory.KEY.withTarget("/last"));
        await().atMost(PATIENCE).until(() -> one.announced.size() == 3);
        assertThat(one.has()).isTrue();
    }

    @Test
    void noVariantFromBeforeARemovalIsKeptUnderTheIndexAfterIt() {
        other.keep(clock.millis(), other.find(), GatewayMemory.VARYING);
        await().atMost(PATIENCE).until(one::has);
        Found before = one.find();
        long asked = clock.millis();
        tick();
        removeOn(other);
        long after = clock.millis();
        other.keep(after, other.find(), GatewayMemory.VARYING);
        await().atMost(PATIENCE).until(() -> gateway(held.real).askedMillis() == after);
        // It sees the new index, and has not heard of the removal.
        one.hearing = false;
        assertThat(one.askedMillis()).isEqualTo(after);
        one.keep(asked, before, GatewayMemory.VARYING);
        one.hearing = true;
        assertThat(one.askedMillis()).isEqualTo(after);
        // What one puts comes to Redis in its order.
        one.library.remove(GatewayMemory.KEY.withTarget("/last"));
        await().atMost(PATIENCE).until(() -> !one.announced.isEmpty());
        assertThat(gateway(held.real).askedMillis()).isEqualTo(after);
    }

    @Test
    void asksRedisWhileTheLogIsNotHeardAndForWhatItCopiedMeanwhile() {
        keepInRedis();
        one.hearing = false;
        assertThat(one.has()).isTrue();
        tick();
        removeOn(other);
        one.hearing = true;
        assertThat(one.has()).isFalse();
    }

    @Test
    void asksRedisForWhatItCopiedBeforeItMissedSomethingOfTheLog() {
        keepInRedis();
        assertThat(one.has()).isTrue();
        tick();
        removeOn(other);
        assertThat(one.has()).isTrue();
        one.library.missedSome();
        assertThat(one.has()).isFalse();
    }

    @Test
    void servesItsCopyWhenNeitherTheLogNorRedisAnswers() {
        keepInRedis();
        assertThat(one.has()).isTrue();
        one.hearing = false;
        held.away = true;
        assertThat(one.has()).isTrue();
        held.away = false;
        tick();
        removeOn(other);
        assertThat(one.has()).isFalse();
    }
}
