package dev.sluice.metrics.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogBucketsTest {
    @Test
    void everyNumberLiesInItsBucketAndBucketsLieSideBySide() {
        for (int bucket = 0; bucket < LogBuckets.COUNT; bucket++) {
            assertThat(LogBuckets.of(LogBuckets.from(bucket))).isEqualTo(bucket);
            assertThat(LogBuckets.of(LogBuckets.to(bucket))).isEqualTo(bucket);
            assertThat(LogBuckets.from(bucket)).isEqualTo(bucket == 0 ? 0 : LogBuckets.to(bucket - 1) + 1);
        }
        assertThat(LogBuckets.of(Long.MAX_VALUE)).isEqualTo(LogBuckets.COUNT - 1);
        assertThat(LogBuckets.of(-1)).isZero();
    }

    @Test
    void bucketsOfBeforeLieAtTheirMiddle() {
        assertThat(LogBuckets.ofCoarse(0)).isZero();
        assertThat(LogBuckets.ofCoarse(15)).isEqualTo(15);
        // From 1024 to 1151.
        assertThat(LogBuckets.ofCoarse(64)).isEqualTo(LogBuckets.of(1087));
        assertThat(LogBuckets.ofCoarse(LogBuckets.COARSE_COUNT - 1)).isBetween(LogBuckets.COUNT - 4, LogBuckets.COUNT);
    }
}
