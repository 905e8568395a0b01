package dev.sluice.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The sample application in a process of its own, as somebody who uses the starter would run it. */
final class SampleProcess implements AutoCloseable {

    private static final Path TARGET =
            Path.of("..", "sample-catalog", "target").toAbsolutePath().normalize();
    private static final Path LOGS = Path.of("target", "samples").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Client client;

    private SampleProcess(Process process, Client client) {
        this.process = process;
        this.client = client;
    }

    /** Starts one of that name and does not wait for it. The settings are environment variables. */
    static SampleProcess start(String instance, Map<String, String> settings) {
        int port = ServiceProcess.freePorts(1).getFirst();
        Map<String, String> environment = new HashMap<>(Map.of(
                "SERVER_ADDRESS", "127.0.0.1", "SERVER_PORT", Integer.toString(port), "CATALOG_INSTANCE", instance));
        environment.putAll(settings);
        try {
            Path log = Files.createTempFile(Files.createDirectories(LOGS), instance, ".log");
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx192m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-jar",
                            jar().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            return new SampleProcess(process, new Client(URI.create("http://127.0.0.1:" + port), "none is needed"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(TARGET)) {
            return files.filter(file -> file.getFileName().toString().matches("sample-catalog-.*\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("not built: " + TARGET));
        }
    }

    /** Until it answers out of its own memory, as a node that follows the log. */
    SampleProcess awaitCoherent() {
        await().atMost(PATIENCE)
                .failFast("the sample ended; see " + LOGS, () -> !process.isAlive())
                .ignoreExceptions()
                .until(() -> get("/actuator/health").contains("\"firstLevel\":\"answering\""));
        return this;
    }

    String get(String path) {
        return answered(client.get(path));
    }

    String delete(String path) {
        return answered(client.send("DELETE", path, "", ""));
    }

    private static String answered(Client.Answer answer) {
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.status() + " " + answer.text());
        }
        return answer.text();
    }

    int asked() {
        return Integer.parseInt(get("/asked"));
    }

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
