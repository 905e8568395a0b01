package dev.sluice.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.IsolatedRedis;
import dev.sluice.platform.test.LocalKafka;
import dev.sluice.platform.test.LocalRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;

/** What a process has done by the time it calls itself ready. */
class StartIT {

    private final IsolatedRedis redis = LocalRedis.newIsolated();

    @AfterEach
    void close() {
        redis.close();
    }

    /** A first request would wait for the connection and the script longer than it may wait for Redis. */
    @Test
    void hasReachedRedisAndRunAScriptThereBeforeItIsReady() {
        List<String> commandsByThen = new CopyOnWriteArrayList<>();
        try (CacheProcess _ = start(onReady(() -> commandsByThen.add(commandsRun())))) {
            assertThat(commandsByThen)
                    .singleElement()
                    .asString()
                    .contains("cmdstat_get:", "cmdstat_evalsha:", "cmdstat_eval:");
        }
    }

    /** The first batch of a process that has just started would be refused in part, for want of compiled code. */
    @Test
    void hasPutAndReadBeforeItIsReadyAndLeftNothingOfIt() {
        List<String> keysByThen = new CopyOnWriteArrayList<>();
        List<Long> scriptsByThen = new CopyOnWriteArrayList<>();
        try (CacheProcess cache = start(onReady(() -> {
            scriptsByThen.add(scriptsRun());
            keysByThen.add(ask("KEYS *"));
        }))) {
            assertThat(scriptsByThen)
                    .singleElement()
                    .satisfies(count -> assertThat(count).isGreaterThan(100));
            // What was deleted is remembered for a minute.
            assertThat(keysByThen)
                    .singleElement()
                    .asString()
                    .contains("c:{sluice:warm-up:connect}")
                    .doesNotContain("item-");
            assertThat(cache.info().body()).contains("\"l1_hits\":0,\"l2_hits\":0,");
        }
    }

    private long scriptsRun() {
        Matcher calls = Pattern.compile("cmdstat_evalsha:calls=(\\d+)").matcher(commandsRun());
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    /** Else it would give up first, and nobody could be more patient than it is by default. */
    @Test
    void itsDriverWaitsForRedisAsLongAsTheCacheDoes() {
        try (CacheProcess cache = start(event -> {})) {
            assertThat(cache.driverTimeout()).isEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void getsReadyWithoutRedis() {
        redis.pause();
        List<String> ready = new CopyOnWriteArrayList<>();
        try (CacheProcess cache = start(onReady(() -> ready.add("ready")))) {
            assertThat(ready).hasSize(1);
            assertThat(cache.management("/actuator/health/liveness").status()).isEqualTo(200);
        } finally {
            redis.resume();
        }
    }

    private CacheProcess start(ApplicationListener<?> listener) {
        return new CacheProcess(LocalKafka.shared().bootstrapServers(), redis.port(), "tenant", Map.of(), listener);
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

    /** Which commands Redis was ever sent. */
    private String commandsRun() {
        return ask("INFO commandstats");
    }

    private String ask(String command) {
        try (Socket socket = new Socket(redis.host(), redis.port())) {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
