package dev.sluice.cache.event;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The reads of {@link CacheReadBenchmark} in one process, a fraction of a second each and again and again, so that what the machine does meanwhile,
 * and where in memory things happen to lie, is the same for all: JMH measures one after the other, minutes apart. Prints the medians of
 * the nanoseconds, and of the ratios within a round: how many times as fast as the barest and as the barest whose value is looked at.
 */
final class ReadsInTurns {

    private static final int READS = 400_000;
    private static final List<String> NAMES =
            List.of("caffeine", "caffeineAndItsValue", "firstLevel", "firstLevelWithEvents");

    private final CacheReadBenchmark caches = new CacheReadBenchmark();
    private long found;

    private ReadsInTurns() {}

    /** Takes the number of rounds, of which a third warms up. */
    static void main(String[] arguments) {
        new ReadsInTurns().run(Integer.parseInt(arguments[0]));
    }

    private void run(int rounds) {
        caches.held = "beside-others";
        caches.fill("");
        List<double[]> nanos = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            double[] each = {
                nanosOf(this::barest), nanosOf(this::lookedAt), nanosOf(this::untold), nanosOf(this::told),
            };
            if (round >= rounds / 3) {
                nanos.add(each);
            }
        }
        PrintStream out = System.out;
        for (int i = 0; i < NAMES.size(); i++) {
            int which = i;
            out.printf(
                    Locale.ROOT,
                    "%-22s %6.0f ns %6.2f of the barest %6.2f of one whose value is looked at%n",
                    NAMES.get(which),
                    median(nanos.stream().mapToDouble(each -> each[which]).toArray()),
                    median(nanos.stream()
                            .mapToDouble(each -> each[0] / each[which])
                            .toArray()),
                    median(nanos.stream()
                            .mapToDouble(each -> each[1] / each[which])
                            .toArray()));
        }
        out.println(found + " found");
        caches.printDropped();
        // The clock and the publisher have threads of their own.
        System.exit(0);
    }

    private static double nanosOf(Runnable reads) {
        long begun = System.nanoTime();
        reads.run();
        return (double) (System.nanoTime() - begun) / READS;
    }

    private static double median(double[] all) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void barest() {
        for (int i = 0; i < READS; i++) {
            found += caches.caffeine() == null ? 0 : 1;
        }
    }

    private void lookedAt() {
        for (int i = 0; i < READS; i++) {
            found += caches.caffeineAndItsValue() == 0 ? 0 : 1;
        }
    }

    private void untold() {
        for (int i = 0; i < READS; i++) {
            found += caches.firstLevel() == null ? 0 : 1;
        }
    }

    private void told() {
        for (int i = 0; i < READS; i++) {
            found += caches.firstLevelWithEvents() == null ? 0 : 1;
        }
    }
}
