package dev.sluice.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All modules of the checkout: their main classes and their sources. */
final class Modules {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final JavaClasses MAIN_CLASSES = new ClassFileImporter()
            .withImportOption(location -> !isGenerated(location.toString()))
            .importPaths(outputFolders());
    private static final JavaClasses FIXTURES =
            new ClassFileImporter().importPackages("dev.sluice.architecture.fixture");

    private Modules() {}

    static JavaClasses mainClasses() {
        return MAIN_CLASSES;
    }

    /** The classes that break rules on purpose. */
    static JavaClasses fixtures() {
        return FIXTURES;
    }

    /** Every Java file that somebody wrote, of the kind {@code main} or {@code test}. */
    static List<Path> sources(String kind) {
        return modules().stream()
                .map(module -> module.resolve("src").resolve(kind).resolve("java"))
                .filter(Files::isDirectory)
                .flatMap(Modules::javaFiles)
                .toList();
    }

    static List<Path> modules() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> outputFolders() {
        return modules().stream()
                .filter(module -> Files.isDirectory(module.resolve("src/main/java")))
                .map(module -> module.resolve("target/classes"))
                .peek(Modules::requireBuilt)
                .toList();
    }

    /** What Spring writes in the build: bean definitions, and proxies of configuration classes. */
    private static boolean isGenerated(String location) {
        return location.contains("__") || location.contains("$$SpringCGLIB$$");
    }

    private static void requireBuilt(Path output) {
        if (!Files.isDirectory(output)) {
            throw new IllegalStateException("not built: " + output);
        }
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
