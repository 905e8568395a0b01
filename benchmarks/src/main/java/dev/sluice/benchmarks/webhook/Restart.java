package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What a dispatcher that is killed and started anew does first: it sends what waits, and reads back what became of all that was sent. */
final class Restart {

    private static final int FAN_OUT = 4;
    private static final String FLOW = "bench.restart";
    private static final double NANOS_A_SECOND = 1e9;
    private static final int OK = 200;

    private final Site site;

    Restart(Site site) {
        this.site = site;
    }

    /** So many deliveries first; then the dispatcher is killed here, and started again by who has started this. */
    void measure(int deliveries) throws IOException, InterruptedException {
        int events = deliveries / FAN_OUT;
        Ledger ledger = new Ledger(events + 1);
        EventSource source = new EventSource(site.gateway(), ledger);
        String key = site.platform().newTenant("benchmark");
        List<Hook> hooks = site.receiver().newHooks(FAN_OUT, ledger.size());
        for (Hook hook : hooks) {
            site.platform().register(key, hook, FLOW, "");
        }
        source.inBatches(key, FLOW, 0, events);
        await(() -> hooks.stream().allMatch(hook -> hook.count(0, events) == events));
        // What became of the last ones is on its way to the log.
        Site.pause(Duration.ofSeconds(2));
        site.out().printf("%d deliveries are on the log, the dispatcher is killed%n", deliveries);
        site.out().flush();
        ProcessHandle.of(site.dispatcher()).ifPresent(ProcessHandle::destroyForcibly);
        long start = System.nanoTime();
        source.inBatches(key, FLOW, events, events + 1);
        await(() -> hooks.stream().allMatch(hook -> hook.has(events)));
        site.out()
                .printf(
                        "an event that was published then was delivered %.1f s after the kill%n",
                        (System.nanoTime() - start) / NANOS_A_SECOND);
        site.out().flush();
        String path = "/api/v1/webhooks/" + hooks.getFirst().id() + "/attempts?limit=1";
        await(() -> site.platform().status(key, path) == OK);
        double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
        site.out().printf("what became of all of them was there again %.1f s after it%n", seconds);
        site.reconcile(ledger, hooks, 0, ledger.size());
    }

    private static void await(BooleanSupplier condition) {
        if (!Site.await(condition)) {
            throw new IllegalStateException("it did not happen");
        }
    }
}
