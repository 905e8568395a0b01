package dev.sluice.standalone.image;

import dev.sluice.platform.local.LocalProcess;
import dev.sluice.standalone.LaunchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Turns a repackaged jar into a plain one beside its libraries: it starts faster, and only plain jars fit an AOT cache. */
final class Extraction {

    private Extraction() {}

    /** Replaces the folder; the application becomes {@code app.jar} in it. The work folder must exist. */
    static void extract(Path jar, Path folder, Path workFolder) throws IOException {
        delete(folder);
        Path log = folder.resolveSibling(folder.getFileName() + ".extract.log");
        LocalProcess extraction = LocalProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--destination",
                        folder.toString()),
                Map.of(),
                workFolder,
                log);
        int status = extraction.onExit().join();
        if (status != 0) {
            throw new LaunchException("Cannot unpack " + jar + "; see " + log);
        }
        Files.deleteIfExists(log);
        Files.move(folder.resolve(jar.getFileName()), folder.resolve("app.jar"));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> contents;
        try (Stream<Path> walk = Files.walk(folder)) {
            contents = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : contents) {
            Files.delete(path);
        }
    }
}
