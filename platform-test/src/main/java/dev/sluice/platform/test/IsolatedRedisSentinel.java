package dev.sluice.platform.test;

import dev.sluice.platform.local.FreePorts;
import dev.sluice.platform.local.LocalProcess;
import dev.sluice.platform.local.RedisBinary;
import dev.sluice.platform.local.RedisSettings.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * A Redis master, a replica and a Sentinel that lets the replica take over when the master is gone; local processes
 * everywhere.
 */
public final class IsolatedRedisSentinel implements ReplicatedRedis {

    private static final String NAME = "sluice";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration STOP_GRACE = Duration.ofSeconds(5);

    private final TemporaryDirectory directory = TemporaryDirectory.create("sentinel");
    private final IsolatedRedis master = new IsolatedRedis(Durability.MEMORY);
    private final IsolatedRedis replica = new IsolatedRedis(
            Durability.MEMORY,
            FreePorts.one(),
            List.of("--replicaof", master.host() + " " + master.port(), "--repl-diskless-sync-delay", "0"));
    private final int port = FreePorts.one();
    private final LocalProcess sentinel;

    IsolatedRedisSentinel() {
        try {
            Path settings = Files.writeString(directory.path().resolve("sentinel.conf"), """
                port %d
                bind 127.0.0.1
                sentinel monitor %s %s %d 1
                sentinel down-after-milliseconds %s 500
                sentinel failover-timeout %s 2000
                """.formatted(
                            port, NAME, master.host(), master.port(), NAME, NAME));
            sentinel = LocalProcess.start(
                    List.of(RedisBinary.find(directory.path()).toString(), settings.toString(), "--sentinel"),
                    Map.of(),
                    directory.path(),
                    directory.path().resolve("sentinel.log"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start Redis Sentinel", e);
        }
        await(
                "the Sentinel knows the replica",
                () -> send(port, "SENTINEL", "REPLICAS", NAME).toString().contains(Integer.toString(replica.port())));
    }

    /** What it calls its master, as {@code spring.data.redis.sentinel.master} wants it. */
    public String name() {
        return NAME;
    }

    /** Host and port of the Sentinel, as {@code spring.data.redis.sentinel.nodes} wants them. */
    public String nodes() {
        return "127.0.0.1:" + port;
    }

    @Override
    public IsolatedRedis master() {
        return master;
    }

    @Override
    public IsolatedRedis replica() {
        return replica;
    }

    @Override
    public void awaitReplica() {
        await("the replica has what the master has", new Replication(master, replica)::isInStep);
    }

    @Override
    public void partReplica() {
        try {
            send(replica.port(), "REPLICAOF", "127.0.0.1", Integer.toString(FreePorts.one()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void awaitTakeover() {
        await(
                "the replica has taken over",
                () -> send(port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
                                .toString()
                                .contains(Integer.toString(replica.port()))
                        && new Replication(master, replica).hasTakenOver());
    }

    private interface Question {
        boolean answer() throws IOException;
    }

    private static void await(String what, Question question) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(question::answer);
    }

    private static Object send(int port, String... words) throws IOException {
        return RedisCommand.send("127.0.0.1", port, List.of(words));
    }

    @Override
    public void close() {
        try {
            sentinel.stop(STOP_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        replica.close();
        master.close();
        directory.close();
    }
}
