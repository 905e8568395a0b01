package dev.sluice.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.local.LocalProcess;
import dev.sluice.standalone.Console;
import dev.sluice.standalone.platform.PlatformPhase;
import dev.sluice.standalone.platform.Ports;
import dev.sluice.standalone.platform.RunRecord;
import dev.sluice.standalone.state.ProcessIdentity;
import dev.sluice.standalone.state.StateFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetachedLauncherTest {

    @TempDir
    private Path root;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = Console.ofStreams(
            new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
    private StateFolder folder = new StateFolder(Path.of("."));

    @BeforeEach
    void makeFolder() throws IOException {
        folder = new StateFolder(root);
        folder.create();
    }

    @Test
    void saysThatAllIsReadyThoughTheOtherLauncherSaysNothing() throws IOException, InterruptedException {
        LocalProcess launcher = start("exec sleep 60");
        try {
            ProcessIdentity identity = ProcessIdentity.of(launcher.pid()).orElseThrow();
            new RunRecord(identity, PlatformPhase.READY, null, Ports.withOffset(0), List.of()).write(folder);

            assertThat(DetachedLauncher.awaitReady(launcher, folder, output(), console))
                    .isTrue();
            assertThat(out.toString(StandardCharsets.UTF_8)).matches("Ready after \\d+\\.\\d s\\.\n");
        } finally {
            launcher.kill();
        }
    }

    @Test
    void saysHowTheOtherLauncherEndedThoughItSaysNothing() throws IOException {
        LocalProcess launcher = start("exit 3");

        assertThat(DetachedLauncher.awaitReady(launcher, folder, output(), console))
                .isFalse();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("status 3", output().toString());
    }

    @Test
    void repeatsWhatTheOtherLauncherSaidBeforeItEnded() throws IOException {
        LocalProcess launcher = start("echo a port is taken; exit 1");

        assertThat(DetachedLauncher.awaitReady(launcher, folder, output(), console))
                .isFalse();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("a port is taken\n");
    }

    private LocalProcess start(String script) throws IOException {
        return LocalProcess.startDetached(List.of("sh", "-c", script), root, output());
    }

    private Path output() {
        return root.resolve("launcher.log");
    }
}
