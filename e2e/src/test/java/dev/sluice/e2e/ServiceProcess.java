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

/** A service in a process of its own, as the launcher starts one, on ports of its own. Ends with this JVM. */
final class ServiceProcess implements AutoCloseable {

    private static final Path IMAGES =
            Path.of("..", "standalone", "target", "images").toAbsolutePath().normalize();
    private static final Path LOGS = Path.of("target", "services").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name;
    private final Process process;
    private final URI address;
    private final Meters meters;

    private ServiceProcess(String name, Process process, URI address, Meters meters) {
        this.name = name;
        this.process = process;
        this.address = address;
        this.meters = meters;
    }

    /** Starts one and does not wait for it. The settings are environment variables. */
    static ServiceProcess start(String name, Map<String, String> settings) {
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
                // As the launcher has it: who makes a topic first decides.
                "SLUICE_KAFKA_MAXPARTITIONS",
                "2"));
        environment.putAll(settings);
        try {
            Path log = Files.createTempFile(Files.createDirectories(LOGS), name, ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command(name)).redirectErrorStream(true).redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new ServiceProcess(
                    name,
                    builder.start(),
                    URI.create("http://127.0.0.1:" + ports.get(0)),
                    new Meters("127.0.0.1:" + ports.get(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On its leash, out of the image and the cache that the build has made. */
    private static List<String> command(String name) throws IOException {
        Path jar = IMAGES.resolve(name).resolve("app.jar");
        Path cache = IMAGES.resolve(name + ".aot");
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

    static List<Integer> freePorts(int count) {
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

    String name() {
        return name;
    }

    URI address() {
        return address;
    }

    Meters meters() {
        return meters;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    ServiceProcess awaitReady() {
        await().atMost(PATIENCE)
                .failFast(name + " ended; see " + LOGS, () -> !process.isAlive())
                .until(meters::isReady);
        return this;
    }

    /** Ends it at once, and returns once it is gone. */
    void kill() {
        process.destroyForcibly();
        close();
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
