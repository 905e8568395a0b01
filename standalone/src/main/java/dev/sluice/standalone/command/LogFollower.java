package dev.sluice.standalone.command;

import dev.sluice.standalone.Console;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shows what is appended to a file; starts over when the file was rotated. */
final class LogFollower {

    private final Path file;
    private final Console console;
    private long position;

    LogFollower(Path file, Console console) {
        this.file = file;
        this.console = console;
    }

    /** From here on only what comes new. */
    void skipExisting() throws IOException {
        position = Files.exists(file) ? Files.size(file) : 0;
    }

    void showNew() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            if (access.length() < position) {
                position = 0;
            }
            byte[] added = new byte[(int) Math.min(access.length() - position, 1 << 20)];
            access.seek(position);
            access.readFully(added);
            position += added.length;
            if (added.length > 0) {
                console.raw(new String(added, StandardCharsets.UTF_8));
            }
        }
    }
}
