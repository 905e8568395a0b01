package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

    private static final String HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final Random random = new Random(7);

    @Test
    void readsWhatItWrites() {
        assertThat(TraceParent.parse(HEADER)).hasToString("Optional[" + HEADER + "]");
        TraceParent begun = TraceParent.begin(random, new TraceSampler(1, 1, () -> 0));
        assertThat(TraceParent.parse(begun.toString())).contains(begun);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"
            })
    void readsNothingElse(String header) {
        assertThat(TraceParent.parse(header)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"00, false", "01, true", "02, false", "03, true", "ff, true", "fe, false"})
    void itsLastBitSaysThatItIsKept(String flags, boolean kept) {
        TraceParent parent = TraceParent.parse(HEADER.substring(0, 53) + flags).orElseThrow();
        assertThat(parent.isKept()).isEqualTo(kept);
        assertThat(parent.child(random).flags()).isEqualTo(flags);
    }

    @Test
    void aChildIsOfItsTrace() {
        TraceParent parent = TraceParent.parse(HEADER).orElseThrow();
        TraceParent child = parent.child(random);
        assertThat(child.traceId()).isEqualTo(parent.traceId());
        assertThat(child.spanId()).matches("[0-9a-f]{16}").isNotEqualTo(parent.spanId());
        assertThat(parent.child("attempt 1"))
                .isEqualTo(parent.child("attempt 1"))
                .isNotEqualTo(parent.child("attempt 2"))
                .isNotEqualTo(child.child("attempt 1"));
    }

    @Test
    void whatTheSamplerSaysIsInTheFlags() {
        TraceSampler once = new TraceSampler(1, 1, () -> 0);
        assertThat(TraceParent.begin(random, once).flags()).isEqualTo("01");
        assertThat(TraceParent.begin(random, once).flags()).isEqualTo("00");
    }
}
