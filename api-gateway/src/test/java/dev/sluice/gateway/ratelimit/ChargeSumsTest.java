package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.LimitCharge.Window;
import dev.sluice.platform.test.Randomness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ChargeSumsTest {

    private static final long NOON = Limits.micros("2026-05-31T23:59:59Z");

    private final ChargeSums sums = new ChargeSums();
    private final Map<String, Map<Window, Long>> taken = new HashMap<>();

    /** Against a map, over ends of hours, days and a month. */
    @Test
    void tellsOfEachWindowWhatWasAdded() {
        Random random = Randomness.seeded();
        Map<String, Map<Window, Long>> added = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String tenant = "t" + random.nextInt(5);
            String limit = "l" + random.nextInt(3);
            Period period = List.of(Period.HOUR, Period.DAY, Period.MONTH).get(random.nextInt(3));
            long inside = NOON + random.nextLong(-7_200_000_000L, 7_200_000_000L);
            long cost = random.nextLong(1, 5);
            sums.add(tenant, limit, period, inside, cost);
            added.computeIfAbsent(tenant, name -> new HashMap<>())
                    .merge(new Window(limit, period, period.startOf(inside)), cost, Long::sum);
            if (random.nextInt(20) == 0) {
                take();
            }
        }
        take();
        assertThat(taken).isEqualTo(added);
    }

    /** A sum that is closed between a look and an addition must not swallow what is added. */
    @Test
    void losesNothingThatIsAddedWhileItIsTaken() throws InterruptedException, ExecutionException {
        AtomicBoolean adding = new AtomicBoolean(true);
        int threads = 4;
        int each = 50_000;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads + 1)) {
            Future<?> taking = pool.submit(() -> {
                while (adding.get()) {
                    take();
                }
            });
            List<Future<?>> adders = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                adders.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        sums.add("t" + i % 3, "day", Period.DAY, NOON, 1);
                    }
                }));
            }
            for (Future<?> adder : adders) {
                adder.get();
            }
            adding.set(false);
            taking.get();
        }
        take();
        long total = taken.values().stream()
                .flatMap(windows -> windows.values().stream())
                .mapToLong(Long::longValue)
                .sum();
        assertThat(total).isEqualTo((long) threads * each);
    }

    @Test
    void forgetsWhoIsNotThereAnyMore() {
        sums.add("acme", "day", Period.DAY, NOON, 1);
        take();
        assertThat(sums.tenants()).isEqualTo(1);
        take();
        assertThat(sums.tenants()).isZero();
        assertThat(taken).hasSize(1);
    }

    private void take() {
        sums.take((tenant, charges) -> charges.forEach(charge -> taken.computeIfAbsent(tenant, name -> new HashMap<>())
                .merge(
                        new Window(
                                charge.limit(), charge.period(), charge.period().startOf(charge.inside())),
                        charge.cost(),
                        Long::sum)));
    }
}
