package dev.sluice.standalone.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * One tier's traffic: requests at an even pace from a few callers. A pace that the platform cannot keep up with only lasts
 * longer, up to a limit.
 */
final class TierTraffic {

    private static final int MOST_IN_FLIGHT = 4;
    private static final int PATIENCE = 3;
    private static final int MOST_INSISTED = 300;

    private final ApiClient api;
    private final String path;
    private final int requests;
    private final Duration length;
    private final TierTally tally;
    private final Semaphore inFlight = new Semaphore(MOST_IN_FLIGHT);

    TierTraffic(String tier, ApiClient api, String path, int requests, Duration length) {
        this.api = api;
        this.path = path;
        this.requests = requests;
        this.length = length;
        this.tally = new TierTally(tier, requests + MOST_INSISTED);
    }

    TierReport report() {
        return tally.report();
    }

    /** Returns when every request that was sent has ended. */
    void run() {
        long start = System.nanoTime();
        long deadline = start + length.multipliedBy(PATIENCE).toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < requests; i++) {
                Waiting.pause(Duration.ofNanos(start + length.toNanos() * i / requests - System.nanoTime()));
                inFlight.acquireUninterruptibly();
                if (System.nanoTime() - deadline > 0) {
                    return;
                }
                threads.execute(this::send);
            }
        }
    }

    /** Asks on without a pause until one request was refused; for a tier whose limits a slow platform has not reached. */
    void insistOnRefusal() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < MOST_INSISTED && tally.report().refused() == 0; i++) {
                inFlight.acquireUninterruptibly();
                threads.execute(this::send);
            }
        }
    }

    private void send() {
        long sent = System.nanoTime();
        tally.sent(sent);
        try {
            tally.answered(api.send("GET", path, "", new byte[0]), sent, System.nanoTime());
        } catch (IOException e) {
            tally.failed("no answer", System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            inFlight.release();
        }
    }
}
