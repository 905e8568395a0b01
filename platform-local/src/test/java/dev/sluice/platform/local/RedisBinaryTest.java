package dev.sluice.platform.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisBinaryTest {

    @TempDir
    private Path folder;

    @Test
    void takesTheFirstExecutableOfThePath() throws IOException {
        Path redis = folder.resolve("redis-server");
        Files.createFile(redis, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertThat(RedisBinary.onPath("/nowhere:" + folder)).contains(redis);
    }

    @Test
    void passesOverAFileThatCannotBeRun() throws IOException {
        Files.createFile(folder.resolve("redis-server"));
        assertThat(RedisBinary.onPath(folder.toString())).isEmpty();
        assertThat(RedisBinary.onPath(null)).isEmpty();
    }

    @Test
    void unpacksTheCarriedOneOnce() throws IOException {
        Path first = RedisBinary.unpack(folder);
        assertThat(first).isExecutable().isEqualTo(RedisBinary.unpack(folder));
    }
}
