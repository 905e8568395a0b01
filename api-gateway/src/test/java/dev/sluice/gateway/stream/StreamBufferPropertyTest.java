package dev.sluice.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.ByteBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes and however slowly it is taken: every event is told once or lies in exactly one gap, in order, and no more
 * is held than may be. The oracle is the plain list of all that was offered.
 */
class StreamBufferPropertyTest {

    private static final int ROUNDS = 300;
    private static final int STEPS = 400;
    private static final int OVERHEAD =
            TestEvents.streamed(0, 0, 0, Positions.of(0)).heldBytes();

    private final RandomGenerator random = new Random(20260131);

    @Test
    void tellsEveryEventOnceOrOfTheGapThatItIsIn() {
        for (int round = 0; round < ROUNDS; round++) {
            int maxEvents = random.nextInt(4, 40);
            long maxBytes = random.nextLong(1_000, 20_000);
            ByteBudget budget = new ByteBudget(random.nextLong(500, 30_000));
            StreamBuffer buffer = new StreamBuffer(maxEvents, maxBytes, budget, Positions.of(0));
            List<StreamItem> told = new ArrayList<>();
            long offered = play(buffer, told, maxBytes, budget);
            while (!buffer.isEmpty()) {
                told.addAll(buffer.take(1_000));
            }
            assertComplete(told, offered);
            buffer.clear();
            assertThat(budget.used()).isZero();
        }
    }

    private long play(StreamBuffer buffer, List<StreamItem> told, long maxBytes, ByteBudget budget) {
        boolean slow = random.nextBoolean();
        long offered = 0;
        for (int step = 0; step < STEPS; step++) {
            if (random.nextInt(10) < (slow ? 9 : 5)) {
                int size = random.nextInt(100) == 0 ? random.nextInt(30_000) : random.nextInt(800);
                Positions behind = Positions.of(++offered);
                buffer.offer(TestEvents.streamed(0, offered - 1, size, behind), behind);
            } else {
                told.addAll(buffer.take(random.nextLong(1, 5_000)));
            }
            assertThat(buffer.heldBytes()).isLessThanOrEqualTo(2 * Math.max(maxBytes, 30_000 + OVERHEAD));
            assertThat(budget.used()).isEqualTo(buffer.heldBytes());
        }
        return offered;
    }

    private static void assertComplete(List<StreamItem> told, long offered) {
        long next = 0;
        for (StreamItem item : told) {
            switch (item) {
                case StreamItem.Event event -> {
                    assertThat(event.event().offset()).isEqualTo(next);
                    next++;
                }
                case StreamItem.Slow gap -> {
                    assertThat(gap.from()).isEqualTo(Positions.of(next));
                    assertThat(gap.events()).isPositive();
                    next += gap.events();
                    assertThat(gap.behind()).isEqualTo(Positions.of(next));
                }
                case StreamItem.Expired gap -> throw new AssertionError(gap);
                case StreamItem.Replaced gap -> throw new AssertionError(gap);
            }
        }
        assertThat(next).isEqualTo(offered);
    }
}
