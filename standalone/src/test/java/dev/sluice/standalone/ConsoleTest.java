package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private static final String ERASE_TWO = "\u001b[2A\u001b[J";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void writesNoControlSequencesWhereThereIsNoTerminal() {
        Console console = Console.ofStreams(stream(out), stream(err));

        console.live(List.of("one", "two"));
        console.line("text");
        console.problem("trouble");
        console.live(List.of());

        assertThat(console.isTerminal()).isFalse();
        assertThat(text(out)).isEqualTo("text\n");
        assertThat(text(err)).isEqualTo("trouble\n");
    }

    @Test
    void replacesLiveLinesInPlace() {
        Console console = Console.ofTerminal(stream(out), stream(err));

        console.live(List.of("one", "two"));
        console.live(List.of("three"));

        assertThat(text(out)).isEqualTo(drawn("one\ntwo\n") + ERASE_TWO + drawn("three\n"));
    }

    @Test
    void putsOtherLinesAboveTheLiveOnes() {
        Console console = Console.ofTerminal(stream(out), stream(err));

        console.live(List.of("one", "two"));
        console.line("text");

        assertThat(text(out)).isEqualTo(drawn("one\ntwo\n") + ERASE_TWO + "text\n" + drawn("one\ntwo\n"));
    }

    @Test
    void putsProblemsAboveTheLiveOnes() {
        PrintStream both = stream(out);
        Console console = Console.ofTerminal(both, both);

        console.live(List.of("one", "two"));
        console.problem("trouble");

        assertThat(text(out)).isEqualTo(drawn("one\ntwo\n") + ERASE_TWO + "trouble\n" + drawn("one\ntwo\n"));
    }

    @Test
    void leavesNothingOfTheLiveLinesWhenTheyAreTakenAway() {
        Console console = Console.ofTerminal(stream(out), stream(err));

        console.live(List.of("one", "two"));
        console.live(List.of());
        console.line("text");

        assertThat(text(out)).isEqualTo(drawn("one\ntwo\n") + ERASE_TWO + "text\n");
    }

    @Test
    void takesNoConsoleAndNoTypeForNoTerminal() {
        assertThat(Terminal.isPresent(null, "xterm")).isFalse();
        assertThat(Terminal.isPresent(System.console(), "dumb")).isFalse();
        assertThat(Terminal.isPresent(System.console(), null)).isFalse();
    }

    @Test
    void alignsColumnsByTheWidestCell() {
        assertThat(Columns.align(List.of(List.of("NAME", "N"), List.of("a", "100"), List.of("longest"))))
                .containsExactly("NAME     N", "a        100", "longest");
    }

    private static String drawn(String lines) {
        return "\u001b[?7l" + lines + "\u001b[?7h";
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
