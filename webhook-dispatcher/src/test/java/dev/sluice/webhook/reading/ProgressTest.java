package dev.sluice.webhook.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What goes with a commit, as Kafka takes it. */
class ProgressTest {

    /** {@code offset.metadata.max.bytes} of a broker, unless its operator says otherwise. */
    private static final int MOST = 4_096;

    @Test
    void isNeverLongerThanABrokerTakes() {
        List<Long> all = LongStream.range(101, 200_000).boxed().toList();
        Progress progress = Progress.of(100, all);
        assertThat(progress.metadata().length()).isLessThanOrEqualTo(MOST);
        assertThat(progress.done().test(100)).isFalse();
        assertThat(progress.done().test(10_000)).isTrue();
        assertThat(progress.done().test(150_000)).as("is done again").isFalse();
    }

    @Test
    void whatSomebodyElseWroteMeansNothing() {
        for (String metadata : List.of("", "d:", "d:***", "somebody's words")) {
            assertThat(new Progress(5, metadata).done().test(5)).as(metadata).isFalse();
        }
    }
}
