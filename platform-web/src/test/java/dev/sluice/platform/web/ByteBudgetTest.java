package dev.sluice.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    @Test
    void takesWhatFitsAndNoByteMore() {
        ByteBudget budget = new ByteBudget(10);
        assertThat(budget.tryReserve(4)).isTrue();
        assertThat(budget.tryReserve(7)).isFalse();
        assertThat(budget.tryReserve(6)).isTrue();
        assertThat(budget.tryReserve(0)).isTrue();
        assertThat(budget.tryReserve(1)).isFalse();
        assertThat(budget.used()).isEqualTo(10);
        budget.release(6);
        assertThat(budget.tryReserve(5)).isTrue();
        assertThat(budget.used()).isEqualTo(9);
    }

    @Test
    void refusesALengthThatWouldOverflow() {
        ByteBudget budget = new ByteBudget(10);
        assertThat(budget.tryReserve(5)).isTrue();
        assertThat(budget.tryReserve(Long.MAX_VALUE)).isFalse();
        assertThat(budget.used()).isEqualTo(5);
    }

    @Test
    void whatIsRefusedNeverTakesRoomFromWhatFits() throws Exception {
        ByteBudget budget = new ByteBudget(10);
        AtomicLong refusedThoughItFits = new AtomicLong();
        runTogether(
                () -> repeat(() -> {
                    if (budget.tryReserve(11)) {
                        budget.release(11);
                    }
                }),
                () -> repeat(() -> {
                    if (budget.tryReserve(10)) {
                        budget.release(10);
                        return;
                    }
                    refusedThoughItFits.incrementAndGet();
                }));
        assertThat(refusedThoughItFits).hasValue(0);
        assertThat(budget.used()).isZero();
    }

    @Test
    void neverHoldsMoreThanItsMaxUnderContention() throws Exception {
        ByteBudget budget = new ByteBudget(100);
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        Runnable work = () -> {
            if (budget.tryReserve(30)) {
                most.accumulateAndGet(held.addAndGet(30), Math::max);
                held.addAndGet(-30);
                budget.release(30);
            }
        };
        runTogether(() -> repeat(work), () -> repeat(work));
        assertThat(most.get()).isBetween(30L, 100L);
        assertThat(budget.used()).isZero();
    }

    private static void repeat(Runnable work) {
        IntStream.range(0, 20_000).forEach(i -> work.run());
    }

    /** The first on two threads, the second on one, so that two of its kind do not refuse each other. */
    private static void runTogether(Runnable one, Runnable other) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<Boolean> first = Executors.callable(one, true);
            Callable<Boolean> second = Executors.callable(other, true);
            for (Future<Boolean> done : List.of(threads.submit(first), threads.submit(first), threads.submit(second))) {
                assertThat(done.get()).isTrue();
            }
        }
    }
}
