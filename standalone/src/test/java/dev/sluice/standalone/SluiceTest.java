package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void aNodeNeedsAPlatformToJoin() {
        assertThat(run("node", "--state", folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("No platform is ready", "./sluice up");
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
                        "SLUICE_WEBHOOK_SECRET_KEYS_0_KEY",
                        "SLUICE_GRAFANA_PASSWORD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "status", "keys", "logs", "down", "demo", "node", "env"})
    void everyCommandHasHelp(String command) {
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            assertThat(run(command, "--help")).isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: sluice " + command, "--help");
        assertThat(err.size()).isZero();
    }

    @Test
    void saysWhereHelpIsWhenThereIsNoSuchCommand() {
        assertThat(run("start")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("There is no command start\nSee ./sluice help\n");
    }

    @Test
    void saysWhichOptionIsWrongAndWhereItsHelpIs() {
        assertThat(run("up", "--port-offset", "many")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--port-offset", "See ./sluice help up\n");
    }

    @Test
    void explainsPortsThatThereAreNot() {
        assertThat(run("up", "--port-offset", "60000", "--state", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Port 79092 (kafka) is not between 1 and 65535")
                .doesNotContain("\tat ");
    }

    @Test
    void explainsAStateFolderThatCannotBeUsed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(run("up", "--state", file.resolve("below").toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("cannot use the state folder " + file)
                .doesNotContain("\tat ");
    }

    private int run(String... arguments) {
        Console console = Console.ofStreams(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return Sluice.run(console, FakeClock.fixed(), arguments);
    }
}
