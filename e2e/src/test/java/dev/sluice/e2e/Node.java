package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs the clients of other makers that live beside these tests; they need Node.js and the npm registry. */
final class Node {

    /** Set where Node.js is promised, as in {@code .ci/run}: its absence is a failure there. */
    private static final String REQUIRED = "SLUICE_E2E_NODE";

    private Node() {}

    /** Installs a client's libraries as its lock file says, unless that was done since it was changed. */
    static void install(String client) {
        boolean available = Command.isOnPath("node") && Command.isOnPath("npm");
        if ("required".equals(System.getenv(REQUIRED))) {
            assertThat(available)
                    .as("node and npm on the PATH; install Node.js 20 or newer")
                    .isTrue();
        }
        assumeTrue(available, "node and npm are not on the PATH");
        if (!isInstalled(folder(client))) {
            Command.run(folder(client), Map.of(), List.of("npm", "ci", "--no-audit", "--no-fund"))
                    .requireSuccess();
        }
    }

    private static boolean isInstalled(Path folder) {
        // What npm writes when it is done.
        Path done = folder.resolve("node_modules").resolve(".package-lock.json");
        try {
            return Files.exists(done)
                    && Files.getLastModifiedTime(done)
                                    .compareTo(Files.getLastModifiedTime(folder.resolve("package-lock.json")))
                            >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the client printed; it must end well. */
    static String run(String client, String script, String input, List<String> arguments) throws IOException {
        Path file = Files.createTempFile("sluice-e2e", ".in");
        try {
            Files.writeString(file, input);
            List<String> command =
                    Stream.concat(Stream.of("node", script), arguments.stream()).toList();
            return Command.run(folder(client), Map.of(), command, file).requireSuccess();
        } finally {
            Files.delete(file);
        }
    }

    private static Path folder(String client) {
        return Path.of(client).toAbsolutePath();
    }
}
