package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentsTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final Random random = new Random(7);

    @Test
    void continuesATraceWithASpanOfItsOwn() {
        String next = TraceParents.next("00-" + TRACE + "-00f067aa0ba902b7-00", random);
        assertThat(next).startsWith("00-" + TRACE + "-").endsWith("-00").doesNotContain("00f067aa0ba902b7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
            })
    void beginsATraceWhenNoneCanBeContinued(String incoming) {
        assertThat(TraceParents.next(incoming, random))
                .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
                .doesNotContain("4bf92f35");
    }
}
