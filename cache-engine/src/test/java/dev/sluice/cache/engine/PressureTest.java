package dev.sluice.cache.engine;

import static dev.sluice.cache.engine.Samples.HOUR;
import static dev.sluice.cache.engine.Samples.await;
import static dev.sluice.cache.engine.Samples.newKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.cache.engine.MemoryGauge.Reading;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** A cache whose memory is measured by the test. */
class PressureTest {

    private static final long HEAP = 1_000_000;
    private static final long FULL = 400_000;

    private final List<Consumer<Reading>> listeners = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TwoLevelCache cache = TwoLevelCache.builder(
                    CacheSettings.defaults().withFirstLevelMaxBytes(FULL))
            .meters(meters)
            .memory(listener -> {
                listeners.add(listener);
                return () -> listeners.remove(listener);
            })
            .build();

    @Test
    void givesUpWhatThereIsTooMuchOfAndTakesItAgain() {
        fill(400);
        assertThat(use().weight()).isGreaterThan(FULL * 9 / 10);
        long before = use().entries();

        measure(900_000);

        assertThat(use().maxWeight()).isLessThan(FULL - 150_000);
        assertThat(use().weight()).isLessThanOrEqualTo(use().maxWeight());
        assertThat(use().evictedForSize().count()).isGreaterThanOrEqualTo(before - use().entries());
        assertThat(cache.statistics().memory().used()).hasValue(0.9);
        assertThat(cache.statistics().memory().shrunk()).isEqualTo(1);
        assertThat(meters.get("sluice.cache.memory.used").gauge().value()).isEqualTo(0.9);
        assertThat(meters.get("sluice.cache.first.level.max.bytes").gauge().value())
                .isEqualTo((double) use().maxWeight());

        measure(100_000);

        assertThat(use().maxWeight()).isEqualTo(FULL);
        assertThat(cache.statistics().memory().grown()).isEqualTo(1);
        fill(400);
        assertThat(use().weight()).isGreaterThan(FULL * 9 / 10);
    }

    @Test
    void keepsItsFloorHoweverShortMemoryIs() {
        fill(400);
        for (int i = 0; i < 20; i++) {
            measure(HEAP);
        }

        assertThat(use().maxWeight()).isEqualTo(FULL / 8);
        assertThat(use().entries()).isPositive();
        assertThat(cache.statistics().memory().floorWeight()).isEqualTo(FULL / 8);
        assertThat(cache.statistics().memory().fullWeight()).isEqualTo(FULL);
    }

    @Test
    void doesNotChangeBetweenTheMarks() {
        fill(400);
        for (long live = 700_000; live <= 850_000; live += 10_000) {
            measure(live);
        }

        assertThat(use().maxWeight()).isEqualTo(FULL);
        assertThat(cache.statistics().memory().shrunk()).isZero();
    }

    /** Whatever is measured and put: it never weighs more than it may. */
    @RepeatedTest(30)
    void neverWeighsMoreThanItMay(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        for (int step = 0; step < 200; step++) {
            fill(random.nextInt(10));
            long before = use().maxWeight();
            Reading reading = new Reading(random.nextLong(HEAP + 1), HEAP);
            long expected = new PressurePolicy(FULL / 8, FULL).next(before, use().weight(), reading);
            listeners.forEach(listener -> listener.accept(reading));

            assertThat(use().maxWeight()).isEqualTo(expected);
            assertThat(use().weight()).isLessThanOrEqualTo(use().maxWeight());
        }
    }

    @Test
    void measuresNothingOnceItIsClosed() {
        assertThat(listeners).hasSize(1);
        cache.close();

        assertThat(listeners).isEmpty();
    }

    @Test
    void theFloorIsAPart() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TwoLevelCache.builder(CacheSettings.defaults()).firstLevelFloor(1.01))
                .withMessage("firstLevelFloor must be 0 to 1");
    }

    private void measure(long live) {
        listeners.forEach(listener -> listener.accept(new Reading(live, HEAP)));
    }

    private void fill(int entries) {
        CacheValue value = CacheValue.of(new byte[1_000], "");
        for (int i = 0; i < entries; i++) {
            await(cache.put(newKey(), value, HOUR, Condition.any()));
        }
    }

    private CacheStatistics.FirstLevelUse use() {
        return cache.statistics().firstLevel();
    }
}
