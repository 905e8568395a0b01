package dev.sluice.e2e;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * A gateway beside the one of the platform, over the same log and the same Redis. It knows none of the other services, so
 * it answers what a gateway answers by itself. Ends with this JVM.
 */
final class FurtherGateway implements AutoCloseable {

    private static final Path IMAGES =
            Path.of("..", "standalone", "target", "images").toAbsolutePath().normalize();
    private static final Path LOGS = Path.of("target", "gateways").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process process;
    private final URI address;
    private final Meters meters;

    private FurtherGateway(Process process, URI address, Meters meters) {
        this.process = process;
        this.address = address;
        this.meters = meters;
    }

    /** Starts one and does not wait for it. The settings are environment variables. */
    static FurtherGateway start(Platform platform, Map<String, String> settings) {
        List<Integer> ports = freePorts(2);
        Map<String, String> environment = new HashMap<>(Map.of(
                "SERVER_ADDRESS",
                "127.0.0.1",
                "SERVER_PORT",
                ports.get(0).toString(),
                "MANAGEMENT_SERVER_ADDRESS",
                "127.0.0.1",
                "MANAGEMENT_SERVER_PORT",
                ports.get(1).toString(),
                "SPRING_KAFKA_BOOTSTRAPSERVERS",
                platform.bootstrapServers(),
                "SPRING_DATA_REDIS_PORT",
                Integer.toString(platform.redisPort()),
                // As the launcher has it: who makes a topic first decides.
                "SLUICE_KAFKA_MAXPARTITIONS",
                "3",
                "SLUICE_INTERNAL_SECRET",
                "not that of the platform, whose services it does not know"));
        environment.putAll(settings);
        try {
            Path log = Files.createTempFile(Files.createDirectories(LOGS), "gateway", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command()).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new FurtherGateway(
                    builder.start(),
                    URI.create("http://127.0.0.1:" + ports.get(0)),
                    new Meters("127.0.0.1:" + ports.get(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the launcher starts one: on its leash, out of the image and the cache that the build has made. */
    private static List<String> command() throws IOException {
        Path jar = IMAGES.resolve("api-gateway").resolve("app.jar");
        Path cache = IMAGES.resolve("api-gateway.aot");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dspring.aot.enabled=true"));
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.addAll(List.of("-cp", IMAGES.resolve("leash.jar") + File.pathSeparator + jar));
        command.addAll(List.of("dev.sluice.platform.local.Leash", mainClass(jar)));
        return command;
    }

    private static String mainClass(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        }
    }

    private static List<Integer> freePorts(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
            for (ServerSocket socket : held) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FurtherGateway awaitReady() {
        await().atMost(PATIENCE)
                .failFast("the gateway ended; see " + LOGS, () -> !process.isAlive())
                .until(meters::isReady);
        return this;
    }

    /** The other client's key, used here. */
    Client like(Client other) {
        return new Client(address, other.key());
    }

    Meters meters() {
        return meters;
    }

    /** Stops it in order, so that the others need not wait for its silence, and returns once it is gone. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
