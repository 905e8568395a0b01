package dev.sluice.standalone.platform;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The last lines of log files, with the name of each file. */
public final class LogTail {

    private static final int LINES = 15;
    private static final int BYTES = 16 * 1024;

    private LogTail() {}

    /** Files that do not exist or are empty are left out. */
    public static String describe(List<Path> files) {
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            List<String> lines = lastLines(file, LINES);
            if (!lines.isEmpty()) {
                text.append("Last lines of ").append(file).append(":\n");
                lines.forEach(line -> text.append("    ").append(line).append('\n'));
            }
        }
        return text.isEmpty() ? "It left no log in " + files : text.toString().stripTrailing();
    }

    public static List<String> lastLines(Path file, int count) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, access.length() - BYTES);
            byte[] tail = new byte[(int) (access.length() - start)];
            access.seek(start);
            access.readFully(tail);
            List<String> lines =
                    new String(tail, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of("(cannot be read: " + e.getMessage() + ")");
        }
    }
}
