package dev.sluice.platform.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeashTest {

    @TempDir
    private Path folder;

    /** A program that would run for ever. */
    static final class Endless {

        private Endless() {}

        public static void main(String[] arguments) throws Exception {
            Files.writeString(Path.of(arguments[0]), "started");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    Files.writeString(Path.of(arguments[0]), "ended in order");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
            new CountDownLatch(1).await();
        }
    }

    @Test
    void endsTheProgramInOrderWhenTheParentIsGone() throws Exception {
        Path mark = folder.resolve("mark");
        Process child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Leash.class.getName(),
                        Endless.class.getName(),
                        mark.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(mark));
        // What the system does for a parent that is killed.
        child.getOutputStream().close();
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(mark, StandardCharsets.UTF_8)).isEqualTo("ended in order");
    }

    @Test
    void guardEndsAProgramThatIsNoJvm() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "600").start();
        Process guard = new ProcessBuilder(EndGuard.command(sleeper.pid())).start();
        guard.getOutputStream().close();
        assertThat(sleeper.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
}
