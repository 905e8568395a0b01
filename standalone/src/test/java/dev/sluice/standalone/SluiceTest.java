package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SluiceTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void statusSaysThatNothingRunsAndExitsWithThree() {
        assertThat(run("status", "--state", folder.toString())).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("does not run");
    }

    @Test
    void statusForScriptsHasTheSameShapeWhenNothingRuns() {
        assertThat(run("status", "--json", "--state", folder.toString())).isEqualTo(3);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"state\" : \"stopped\"", "\"services\" : [ ]");
    }

    @Test
    void keysSayHowToGetThem() {
        assertThat(run("keys", "--state", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("./sluice up");
    }

    @Test
    void downOfNothingIsNoFailure() {
        assertThat(run("down", "--state", folder.toString())).isZero();
    }

    @Test
    void printsSecretsForContainers() {
        assertThat(run("env")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(line -> line.split("=", 2)[0]))
                .containsExactly(
                        "SLUICE_INTERNAL_SECRET",
                        "SLUICE_GATEWAY_APIKEY_BOOTSTRAPADMIN",
                        "SLUICE_WEBHOOK_SECRET_KEYS_0_ID",
                        "SLUICE_WEBHOOK_SECRET_KEYS_0_KEY");
    }

    private int run(String... arguments) {
        Console console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return Sluice.run(console, FakeClock.fixed(), arguments);
    }
}
