package dev.sluice.platform.local;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that detach a child from the terminal's signals without changing its process id. */
final class OwnSession {

    private static final boolean SETSID =
            List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)).stream()
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, "setsid")));

    private OwnSession() {}

    static List<String> wrap(List<String> command) {
        List<String> wrapped = new ArrayList<>(
                SETSID
                        ? List.of("setsid")
                        // Ignored signals stay ignored through exec; macOS has no setsid command.
                        : List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
        wrapped.addAll(command);
        return wrapped;
    }
}
