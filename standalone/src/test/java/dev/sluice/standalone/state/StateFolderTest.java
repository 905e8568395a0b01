package dev.sluice.standalone.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {

    @TempDir
    private Path parent;

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        StateFolder folder = created();
        assertThat(permissions(folder.root())).isEqualTo("rwx------");
    }

    @Test
    void keepsSecretsInAFileOfTheOwnerAndMakesThemOnce() throws IOException {
        StateFolder folder = created();
        Secrets first = Secrets.loadOrCreate(folder, new SecureRandom(), () -> "first");
        Secrets second = Secrets.loadOrCreate(folder, new SecureRandom(), () -> "second");
        assertThat(second).isEqualTo(first);
        assertThat(permissions(folder.secretsFile())).isEqualTo("rw-------");
        assertThat(first.internal().length()).isGreaterThanOrEqualTo(32);
    }

    @Test
    void secretsDoNotShowInText() throws IOException {
        Secrets secrets = Secrets.loadOrCreate(created(), new SecureRandom(), () -> "slk_secret");
        assertThat(secrets.toString()).doesNotContain("slk_secret").doesNotContain(secrets.internal());
    }

    @Test
    void dropsDataKeysAndSecretsWhenAskedForAFreshStart() throws IOException {
        StateFolder folder = created();
        Files.writeString(folder.data("kafka").resolve("segment"), "data");
        Secrets.loadOrCreate(folder, new SecureRandom(), () -> "key");
        folder.drop();
        assertThat(folder.data("kafka")).doesNotExist();
        assertThat(folder.secretsFile()).doesNotExist();
    }

    @Test
    void isHeldByOneLauncherAtATime() throws IOException {
        StateFolder folder = created();
        RunLock lock = RunLock.acquire(folder).orElseThrow();
        assertThat(RunLock.acquire(folder)).isEmpty();
        lock.close();
        try (RunLock again = RunLock.acquire(folder).orElseThrow()) {
            assertThat(again).isNotNull();
        }
    }

    private StateFolder created() throws IOException {
        StateFolder folder = new StateFolder(parent.resolve("state"));
        folder.create();
        return folder;
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
