package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the window with a list of all calls. */
class CallWindowPropertyTest {

    private static final long SECOND = 1_000_000_000L;

    private record Call(long nanos, boolean failed) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void countsTheCallsOfTheLastTenSeconds(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // The clock may begin anywhere, below zero too.
        long now = random.nextLong(-100 * SECOND, 100 * SECOND);
        CallWindow window = new CallWindow(now);
        List<Call> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(20) == 0 ? random.nextLong(30 * SECOND) : random.nextLong(SECOND / 4);
            boolean failed = random.nextInt(3) == 0;
            window.count(failed, now);
            all.add(new Call(now, failed));
            long first = Math.floorDiv(now, SECOND) - 9;
            List<Call> recent = all.stream()
                    .filter(call -> Math.floorDiv(call.nanos(), SECOND) >= first)
                    .toList();
            assertThat(window.calls()).isEqualTo(recent.size());
            assertThat(window.failures())
                    .isEqualTo((int) recent.stream().filter(Call::failed).count());
            if (random.nextInt(500) == 0) {
                window.clear();
                all.clear();
            }
        }
    }
}
