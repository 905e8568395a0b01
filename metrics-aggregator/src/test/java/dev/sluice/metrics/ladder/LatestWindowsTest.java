package dev.sluice.metrics.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatestWindowsTest {
    private final List<String> written = new ArrayList<>();
    private final LatestWindows<String> latest =
            new LatestWindows<>(2, (key, start, window) -> written.add(key + start + " " + window));

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
    void theOnePutHereLongestAgoMakesRoomAndIsWritten() {
        latest.put("a", 10, "one");
        latest.put("b", 10, "two");
        latest.put("a", 10, latest.find("a", 10) + " more");
        latest.put("c", 10, "three");
        assertThat(latest.take("b", 10)).isNull();
        assertThat(latest.take("a", 10)).isEqualTo("one more");
        assertThat(latest.take("c", 10)).isEqualTo("three");
        assertThat(written).containsExactly("b10 two");
    }

    @Test
    void eachIsWrittenOnceUnlessItIsGivenOutOrPutHereAgain() {
        latest.put("a", 10, "one");
        latest.put("b", 10, "two");
        latest.writeAll();
        latest.writeAll();
        latest.put("a", 10, latest.find("a", 10) + " more");
        latest.take("b", 10);
        latest.writeAll();

        assertThat(written).containsExactly("a10 one", "b10 two", "a10 one more");
        latest.put("c", 10, "three");
        latest.put("d", 10, "four");
        assertThat(written).as("a was written already").hasSize(3);
    }
}
