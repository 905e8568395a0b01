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
}
