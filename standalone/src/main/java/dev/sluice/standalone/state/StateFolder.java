package dev.sluice.standalone.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where one platform keeps everything that outlives it; readable by its owner only. */
public record StateFolder(Path root) {

    public StateFolder {
        root = root.toAbsolutePath().normalize();
    }

    /** Creates the folder and what is expected in it. */
    public void create() throws IOException {
        if (!Files.isDirectory(root)) {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        }
        Files.createDirectories(logs());
        Files.createDirectories(settings());
        Files.createDirectories(data("kafka"));
        Files.createDirectories(data("redis"));
    }

    public Path data(String owner) {
        return root.resolve("data").resolve(owner);
    }

    public Path logs() {
        return root.resolve("logs");
    }

    /** The rotated log of a service. */
    public Path log(String service) {
        return logs().resolve(service + ".log");
    }

    /** What a service printed past its logging: early failures and the JVM's own words. */
    public Path output(String service) {
        return logs().resolve(service + ".out");
    }

    public Path settings() {
        return root.resolve("settings");
    }

    public Path keysFile() {
        return root.resolve("keys.json");
    }

    Path secretsFile() {
        return root.resolve("secrets.json");
    }

    Path lockFile() {
        return root.resolve("lock");
    }

    public Path runFile() {
        return root.resolve("run.json");
    }

    /** Forgets everything: data, logs, keys and secrets. The lock stays, it may be held. */
    public void drop() throws IOException {
        for (Path path : List.of(root.resolve("data"), logs(), settings(), keysFile(), secretsFile(), runFile())) {
            deleteTree(path);
        }
    }

    private static void deleteTree(Path top) throws IOException {
        List<Path> contents;
        try (Stream<Path> walk = Files.walk(top)) {
            contents = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path path : contents) {
            Files.deleteIfExists(path);
        }
    }
}
