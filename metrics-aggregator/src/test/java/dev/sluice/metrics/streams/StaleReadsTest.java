package dev.sluice.metrics.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StaleReadsTest {

    private static final Map<String, Map<Integer, Long>> LAGS =
            Map.of("minutes", Map.of(0, 3L, 1, 11L), "hours", Map.of(0, 4L));

    private final StaleReads reads = new StaleReads(10);
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void onlyWithinItsCallACopyWillDo() throws Exception {
        assertThat(StaleReads.current()).isEmpty();
        assertThat(reads.call(StaleReads::current)).contains(reads);
        assertThat(StaleReads.current()).isEmpty();
    }

    @Test
    void addsUpWhatIsMissingOfEachPartitionOnce() {
        require("minutes", 0);
        require("hours", 0);
        require("minutes", 0);
        assertThat(reads.lagRecords()).isEqualTo(7);
        assertThat(asked).as("Kafka is asked once").hasValue(1);
    }

    @Test
    void whatIsTooFarBehindCountsAsNone() {
        assertThatThrownBy(() -> require("minutes", 1)).isInstanceOf(StoresNotReadyException.class);
        assertThatThrownBy(() -> require("minutes", 2)).isInstanceOf(StoresNotReadyException.class);
        assertThatThrownBy(() -> require("days", 0)).isInstanceOf(StoresNotReadyException.class);
        assertThat(reads.lagRecords()).isZero();
    }

    private void require(String store, int partition) {
        reads.require(store, partition, () -> {
            asked.incrementAndGet();
            return LAGS;
        });
    }
}
