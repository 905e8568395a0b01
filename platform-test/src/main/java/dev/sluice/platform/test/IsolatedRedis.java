package dev.sluice.platform.test;

import dev.sluice.platform.local.FreePorts;
import dev.sluice.platform.local.LocalProcess;
import dev.sluice.platform.local.RedisBinary;
import dev.sluice.platform.local.RedisSettings;
import dev.sluice.platform.local.RedisSettings.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A local Redis process that can be paused, killed and started again on the same port. A start finds no data, unless it is
 * durable.
 */
public final class IsolatedRedis implements AutoCloseable {

    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private final TemporaryDirectory directory = TemporaryDirectory.create("redis");
    private final int port;
    private final Durability durability;
    private final List<String> furtherSettings;
    private @Nullable LocalProcess process;

    IsolatedRedis(Durability durability) {
        this(durability, FreePorts.one(), List.of());
    }

    /** @param furtherSettings as command line arguments */
    IsolatedRedis(Durability durability, int port, List<String> furtherSettings) {
        this.durability = durability;
        this.port = port;
        this.furtherSettings = furtherSettings;
        start();
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    /** Returns once it answers. Does nothing when it runs. */
    public synchronized void start() {
        if (process != null) {
            return;
        }
        try {
            Path executable = RedisBinary.find(directory.path());
            RedisSettings settings = new RedisSettings(port, directory.path(), durability);
            List<String> command = new ArrayList<>(settings.command(executable));
            command.addAll(furtherSettings);
            process = LocalProcess.start(
                    command, Map.of(), directory.path(), directory.path().resolve("redis.log"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start Redis", e);
        }
        Awaitility.await("Redis answers on port " + port)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(20))
                .until(this::answers);
    }

    /** Ends it at once, as a crash would: connections are reset and the port is closed. */
    public synchronized void kill() {
        withProcess(LocalProcess::kill);
        process = null;
    }

    /** Connections stay open and nothing answers. */
    public synchronized void pause() {
        withProcess(LocalProcess::pause);
    }

    public synchronized void resume() {
        withProcess(LocalProcess::resume);
    }

    @Override
    public synchronized void close() {
        withProcess(running -> {
            running.resume();
            running.stop(STOP_GRACE);
        });
        process = null;
        directory.close();
    }

    private boolean answers() {
        try {
            return RedisCommand.send(host(), port, List.of("PING")).equals("PONG");
        } catch (IOException e) {
            return false;
        }
    }

    private void withProcess(Action action) {
        LocalProcess running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        try {
            action.on(running);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Action {
        void on(LocalProcess process) throws IOException, InterruptedException;
    }
}
