package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform as {@code ./sluice up} starts it, once for all tests of a JVM, on free ports and with a state of its own. */
final class Platform {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int PORTS_ABOVE_DEFAULTS = 12_000;

    private static final class Shared {
        static final Platform PLATFORM = start();
    }

    private final Path state;

    private Platform(Path state) {
        this.state = state;
    }

    static Platform shared() {
        return Shared.PLATFORM;
    }

    URI gateway() {
        return URI.create(status().path("gateway").asString());
    }

    String bootstrapServers() {
        return status().path("kafka").asString();
    }

    /** Process id of a service, as the platform tells it. */
    long processId(String service) {
        return status().path("processes").path(service).path("pid").asLong();
    }

    JsonNode status() {
        return JsonMapper.shared().readTree(sluice("status", "--json"));
    }

    /** The development key of a tenant, such as dev-free; admin for the administrator's. */
    String key(String name) {
        JsonNode keys = JsonMapper.shared().readTree(sluice("keys", "--json"));
        return keys.path(name).asString();
    }

    Client client(String key) {
        return new Client(gateway(), key(key));
    }

    private static Platform start() {
        try {
            Platform platform = new Platform(Files.createTempDirectory("sluice-e2e"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> platform.sluice("down")));
            platform.sluice("up", "--detach", "--port-offset", Integer.toString(offset()));
            return platform;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An offset that moves every default port to a free one; the gateway's stands for all. */
    private static int offset() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return PORTS_ABOVE_DEFAULTS + free.getLocalPort() % 10_000;
        }
    }

    private String sluice(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("sluice").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--state", state.toString()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile());
            // The build that runs these tests has just made the platform.
            builder.environment().put("SLUICE_SKIP_BUILD", "true");
            Path errors = Files.createTempFile("sluice-e2e", ".err");
            Process process = builder.redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            String said = Files.readString(errors);
            Files.delete(errors);
            if (exit != 0) {
                throw new IllegalStateException(command + " ended with " + exit + "\n" + output + said);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }
}
