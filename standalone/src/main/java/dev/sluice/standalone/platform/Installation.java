package dev.sluice.standalone.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the build put everything that is run: jars, unpacked applications, AOT caches. */
public record Installation(Path home) {

    /** The system property by which the sluice script names the checkout. */
    public static final String HOME_PROPERTY = "sluice.home";

    public static Installation ofThisCheckout() {
        return new Installation(
                Path.of(System.getProperty(HOME_PROPERTY, ".")).toAbsolutePath().normalize());
    }

    public Path defaultState() {
        return home.resolve(".sluice");
    }

    /** The repackaged jar that the application's module built. */
    public Path applicationJar(Application application) {
        Path target = home.resolve(application.serviceName()).resolve("target");
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> isApplicationJar(application, file))
                    .findFirst()
                    .orElseThrow(() -> new UncheckedIOException(new IOException("no application jar in " + target)));
        } catch (IOException e) {
            throw new UncheckedIOException("not built: " + target, e);
        }
    }

    public Path applicationImage(Application application) {
        return images().resolve(application.serviceName());
    }

    public Path aotCache(String service) {
        return images().resolve(service + ".aot");
    }

    public Path images() {
        return home.resolve("standalone/target/images");
    }

    /** The broker's jars with its logging backend. */
    public Path brokerLibraries() {
        return home.resolve("standalone/target/broker");
    }

    /** The jar with the class that every JVM child starts with; a copy, for a new build must not touch running processes. */
    public Path leashJar() {
        return images().resolve("leash.jar");
    }

    public Path builtLeashJar() {
        Path libraries = home.resolve("standalone/target/launcher");
        try (Stream<Path> files = Files.list(libraries)) {
            return files.filter(file -> file.getFileName().toString().startsWith("platform-local-"))
                    .findFirst()
                    .orElseThrow(() -> new UncheckedIOException(new IOException("no platform-local in " + libraries)));
        } catch (IOException e) {
            throw new UncheckedIOException("not built: " + libraries, e);
        }
    }

    private static boolean isApplicationJar(Application application, Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(application.serviceName() + "-")
                && name.endsWith(".jar")
                && !name.endsWith("-sources.jar")
                && !name.endsWith("-javadoc.jar");
    }
}
