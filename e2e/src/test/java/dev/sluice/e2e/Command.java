package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs a program to its end. */
final class Command {

    private Command() {}

    /** How a program ended and what it said. */
    record Outcome(List<String> command, int exit, String output, String errors) {

        /** What it printed. */
        String requireSuccess() {
            if (exit != 0) {
                throw new IllegalStateException(
                        "%s ended with %d%n%s%s".formatted(String.join(" ", command), exit, output, errors));
            }
            return output;
        }
    }

    static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs it with nothing to read. */
    static Outcome run(Path folder, Map<String, String> environment, List<String> command) {
        return run(folder, environment, command, Path.of("/dev/null"));
    }

    /** Output goes to files: what the program leaves running in the background may keep a pipe open. */
    static Outcome run(Path folder, Map<String, String> environment, List<String> command, Path input) {
        try {
            Path output = Files.createTempFile("sluice-e2e", ".out");
            Path errors = Files.createTempFile("sluice-e2e", ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(input.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            int exit = builder.start().waitFor();
            Outcome outcome = new Outcome(command, exit, read(output), read(errors));
            Files.delete(output);
            Files.delete(errors);
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
