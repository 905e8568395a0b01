package dev.sluice.metrics.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatestWindowsTest {
    private final LatestWindows<String> latest = new LatestWindows<>(2);

    @Test
    void whatIsGivenOutIsHereNoMoreUntilItIsWritten() {
        latest.put("a", 10, "one");
        assertThat(latest.take("a", 10)).isEqualTo("one");
        assertThat(latest.take("a", 10)).isNull();
        latest.put("a", 10, "two");
        assertThat(latest.take("a", 10)).isEqualTo("two");
    }

    @Test
    void aWindowIsOneOfAKeyAndATime() {
        latest.put("a", 10, "one");
        assertThat(latest.take("a", 20)).isNull();
        assertThat(latest.take("b", 10)).isNull();
    }

    @Test
    void theOneWrittenLongestAgoMakesRoom() {
        latest.put("a", 10, "one");
        latest.put("b", 10, "two");
        latest.put("a", 10, latest.take("a", 10) + " more");
        latest.put("c", 10, "three");
        assertThat(latest.take("b", 10)).isNull();
        assertThat(latest.take("a", 10)).isEqualTo("one more");
        assertThat(latest.take("c", 10)).isEqualTo("three");
    }
}
