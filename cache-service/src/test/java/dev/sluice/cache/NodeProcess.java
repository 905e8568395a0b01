package dev.sluice.cache;

import dev.sluice.platform.local.FreePorts;
import dev.sluice.platform.local.Leash;
import dev.sluice.platform.local.LocalProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The whole service in a JVM of its own, which can be killed. */
final class NodeProcess extends CacheClient {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final LocalProcess process;

    private NodeProcess(LocalProcess process, String tenant, List<Integer> ports) {
        super(tenant, ports.getFirst(), ports.getLast());
        this.process = process;
    }

    /** Returns before it is ready; what it says is in a file of that directory. */
    static NodeProcess start(
            Path directory, String bootstrapServers, int redisPort, String tenant, Map<String, Object> settings) {
        List<Integer> ports = FreePorts.take(2);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Leash.class.getName(),
                CacheServiceApplication.class.getName()));
        command.addAll(
                CacheProcess.arguments(bootstrapServers, redisPort, ports.getFirst(), ports.getLast(), settings));
        try {
            LocalProcess process =
                    LocalProcess.start(command, Map.of(), directory, directory.resolve(ports.getFirst() + ".log"));
            return new NodeProcess(process, tenant, ports);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** At once, wherever it is (SIGKILL). */
    void kill() {
        try {
            process.kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        super.close();
        try {
            process.stop(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
