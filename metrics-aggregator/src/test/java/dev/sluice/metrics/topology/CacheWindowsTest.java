package dev.sluice.metrics.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheWindowsTest {
    private static final CacheWindows WINDOWS =
            new CacheWindows(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofHours(25));

    @Test
    void aWindowStartsAtTheFullMinute() {
        assertThat(WINDOWS.startOf(0)).isZero();
        assertThat(WINDOWS.startOf(59_999)).isZero();
        assertThat(WINDOWS.startOf(60_000)).isEqualTo(60_000);
    }

    @Test
    void aWindowClosesWhenStreamTimeHasPassedItsEndByTheGrace() {
        assertThat(WINDOWS.isClosed(0, 359_999)).isFalse();
        assertThat(WINDOWS.isClosed(0, 360_000)).isTrue();
        assertThat(WINDOWS.isClosed(0, -1)).isFalse();
    }

    @Test
    void refusesWindowsThatCannotBe() {
        Duration minute = Duration.ofMinutes(1);
        assertThatThrownBy(() -> new CacheWindows(Duration.ZERO, minute, minute))
                .hasMessageContaining("size");
        assertThatThrownBy(() -> new CacheWindows(minute, minute.negated(), minute))
                .hasMessageContaining("grace");
        assertThatThrownBy(() -> new CacheWindows(minute, minute, minute)).hasMessageContaining("retention");
    }

    @Test
    void pendingWindowsComeOutOldestFirstAndOnce() {
        PendingWindows pending = new PendingWindows();
        pending.add(120_000, "b");
        pending.add(60_000, "a");
        pending.add(60_000, "a");
        pending.add(180_000, "c");
        List<String> drained = new ArrayList<>();

        pending.drain(start -> start <= 120_000, (start, key) -> drained.add(start + key));
        pending.drain(start -> start <= 120_000, (start, key) -> drained.add(start + key));

        assertThat(drained).containsExactly("60000a", "120000b");
    }
}
