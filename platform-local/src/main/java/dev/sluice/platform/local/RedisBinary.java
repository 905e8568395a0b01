package dev.sluice.platform.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** Where an executable redis-server is: the one on the PATH, else the one that the embedded-redis jar carries. */
public final class RedisBinary {

    private static final String NAME = "redis-server";

    private RedisBinary() {}

    /**
     * The executable; unpacked into {@code cacheDirectory} at first use when there is none on the PATH.
     *
     * @throws IOException with a sentence on what to install, when this machine has no Redis and the jar carries none for it
     */
    public static Path find(Path cacheDirectory) throws IOException {
        Optional<Path> installed = onPath(System.getenv("PATH"));
        if (installed.isPresent()) {
            return installed.get();
        }
        return unpack(cacheDirectory);
    }

    static Optional<Path> onPath(@Nullable String path) {
        if (path == null) {
            return Optional.empty();
        }
        for (String directory : path.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, NAME);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    static Path unpack(Path cacheDirectory) throws IOException {
        Path target = cacheDirectory.resolve(NAME);
        if (Files.isExecutable(target)) {
            return target;
        }
        Files.createDirectories(cacheDirectory);
        try {
            Path unpacked = ExecutableProvider.newJarResourceProvider(cacheDirectory.toFile())
                    .get()
                    .toPath();
            if (!unpacked.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + unpacked + " executable");
            }
            Files.move(unpacked, target);
            return target;
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            throw new IOException(
                    "no redis-server on the PATH and none carried for this system; install Redis 6.2+", e);
        }
    }
}
