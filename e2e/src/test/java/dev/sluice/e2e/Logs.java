package dev.sluice.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the processes of a platform have written, each byte as one character. */
final class Logs {

    private final Path folder;
    private final Map<Path, Long> forgotten = new HashMap<>();

    private Logs(Path folder) {
        this.folder = folder;
    }

    static Logs of(Platform platform) {
        return new Logs(platform.state().resolve("logs"));
    }

    /** All there is, by the name of the file. */
    Map<String, String> all() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (Path file : files()) {
            contents.put(file.getFileName().toString(), read(file));
        }
        return contents;
    }

    /** Lines that are there now are not told of later. */
    void forget() throws IOException {
        for (Path file : files()) {
            forgotten.put(file, Files.size(file));
        }
    }

    /** Lines of errors that came since. */
    List<String> errors() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files()) {
            String text = read(file);
            long known = forgotten.getOrDefault(file, 0L);
            text.substring((int) Math.min(known, text.length()))
                    .lines()
                    .filter(line -> line.contains(" ERROR "))
                    .forEach(line -> lines.add(file.getFileName() + " " + line));
        }
        return lines;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
