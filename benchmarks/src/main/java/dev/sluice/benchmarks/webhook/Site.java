package dev.sluice.benchmarks.webhook;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * What is measured, and where it is told.
 *
 * @param dispatcher its process id
 */
record Site(PrintStream out, URI gateway, Platform platform, Receiver receiver, long dispatcher) {

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** Whether it became so within a quarter of an hour. */
    static boolean await(BooleanSupplier condition) {
        return await(condition, PATIENCE);
    }

    static boolean await(BooleanSupplier condition, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            pause(Duration.ofMillis(2));
        }
        return true;
    }

    static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    /** Tells what is missing or was sent more than once, of all events between these two. */
    void reconcile(Ledger ledger, List<Hook> hooks, int from, int to) {
        long accepted = IntStream.range(from, to).filter(ledger::isAccepted).count();
        long missing = hooks.stream()
                .mapToLong(hook -> IntStream.range(from, to)
                        .filter(event -> ledger.isAccepted(event) && !hook.has(event))
                        .count())
                .sum();
        out.printf(
                "%d events accepted, %d deliveries wanted: %d missing, %d sent again, %d with a wrong signature%n",
                accepted,
                accepted * hooks.size(),
                missing,
                hooks.stream().mapToInt(Hook::repeated).sum(),
                hooks.stream().mapToLong(Hook::forged).sum());
        out.flush();
    }
}
