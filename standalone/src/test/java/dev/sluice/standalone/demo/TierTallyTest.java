package dev.sluice.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TierTallyTest {

    @Test
    void takesTheNearestRankAsPercentile() {
        long[] sorted = LongStream.rangeClosed(1, 200).toArray();

        assertThat(TierTally.percentile(sorted, 50)).isEqualTo(100);
        assertThat(TierTally.percentile(sorted, 99)).isEqualTo(198);
        assertThat(TierTally.percentile(new long[] {7}, 50)).isEqualTo(7);
        assertThat(TierTally.percentile(new long[0], 99)).isZero();
    }

    @Test
    void countsWhatGotNoAnswerAsSentAlone() {
        TierTally tally = new TierTally("free", 2);
        tally.sent(1_000);
        tally.failed("no answer", 5_000);

        TierReport report = tally.report();

        assertThat(report.sent()).isOne();
        assertThat(report.admitted() + report.refused()).isZero();
        assertThat(report.failures()).containsExactly("no answer");
        assertThat(report.elapsed()).hasNanos(4_000);
    }
}
