package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;

/** What a process has done by the time it calls itself ready. */
class StartIT {

    private static IsolatedRedis redis;
    private static CacheProcess cache;
    /** On a busy machine what it does with Redis while it starts takes longer than callers would wait. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final List<String> COMMANDS_BY_THEN = new CopyOnWriteArrayList<>();
    private static final List<String> KEYS_BY_THEN = new CopyOnWriteArrayList<>();
    private static final List<String> PURGES_BY_THEN = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        redis = LocalRedis.newIsolated();
        Map<String, Object> patient = Map.of("sluice.cache.level.second-level-timeout", PATIENCE.toSeconds() + "s");
        cache = start(patient, onReady(() -> {
            COMMANDS_BY_THEN.add(ask("INFO commandstats"));
            KEYS_BY_THEN.add(ask("KEYS *"));
            PURGES_BY_THEN.add(ask("SCRIPT EXISTS " + hashOf("purge.lua")));
        }));
    }

    @AfterAll
    static void close() {
        cache.close();
        redis.close();
    }

    /** A first request would wait for the connection and the script longer than it may wait for Redis. */
    @Test
    void hasReachedRedisAndRunAScriptThereBeforeItIsReady() {
        assertThat(COMMANDS_BY_THEN)
                .singleElement()
                .asString()
                .contains("cmdstat_get:", "cmdstat_evalsha:", "cmdstat_eval:");
    }

    /** The first batch of a process that has just started would be refused in part, for want of compiled code. */
    @Test
    void hasPutAndReadBeforeItIsReadyAndLeftNothingOfIt() {
        assertThat(COMMANDS_BY_THEN)
                .singleElement()
                .satisfies(commands -> assertThat(scriptsRun(commands))
                        .as("connecting runs two")
                        .isGreaterThan(10));
        // What was deleted is remembered for a minute.
        assertThat(KEYS_BY_THEN)
                .singleElement()
                .asString()
                .contains("c:{sluice:warm-up:connect}")
                .doesNotContain("item-");
        assertThat(cache.info().body()).contains("\"l1_hits\":0,\"l2_hits\":0,");
    }

    private static long scriptsRun(String commands) {
        Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(commands);
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** The first purge would send it twice, and wait for its compilation. */
    @Test
    void hasTriedToPurgeBeforeItIsReadyAndPurgedNothing() {
        assertThat(PURGES_BY_THEN).singleElement().asString().startsWith("*1\r\n:1\r\n");
        assertThat(KEYS_BY_THEN).singleElement().asString().doesNotContain("e:{sluice}", "sluice:cache:purging");
    }

    /** Else it would give up first, and nobody could be more patient than it is by default. */
    @Test
    void itsDriverWaitsForRedisAsLongAsTheCacheDoes() {
        assertThat(cache.driverTimeout()).isEqualTo(PATIENCE);
    }

    @Test
    void getsReadyWithoutRedis() {
        redis.pause();
        List<String> ready = new CopyOnWriteArrayList<>();
        try (CacheProcess alone = start(Map.of(), onReady(() -> ready.add("ready")))) {
            assertThat(ready).hasSize(1);
            assertThat(alone.management("/actuator/health/liveness").status()).isEqualTo(200);
        } finally {
            redis.resume();
        }
    }

    private static CacheProcess start(Map<String, Object> settings, ApplicationListener<?> listener) {
        return new CacheProcess(LocalKafka.shared().bootstrapServers(), redis.port(), "tenant", settings, listener);
    }

    private static ApplicationListener<AvailabilityChangeEvent<ReadinessState>> onReady(Runnable then) {
        return new ApplicationListener<>() {
            @Override
            public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
                if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
                    then.run();
                }
            }
        };
    }

    /** What Redis knows a script of the engine by. */
    private static String hashOf(String script) {
        try (InputStream text = TwoLevelCache.class.getResourceAsStream(script)) {
            byte[] bytes = Objects.requireNonNull(text, script).readAllBytes();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static String ask(String command) {
        try (Socket socket = new Socket(redis.host(), redis.port())) {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
