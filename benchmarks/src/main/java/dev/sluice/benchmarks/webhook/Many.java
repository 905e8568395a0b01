package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Many webhooks on one dispatcher: what it needs for them, and how long an event for each of them takes. */
final class Many {

    private static final int TENANTS_WEBHOOKS = 50;
    private static final double NANOS_A_SECOND = 1e9;

    private final Site site;

    Many(Site site) {
        this.site = site;
    }

    /** So many webhooks, fifty of each tenant, and so many events for each. */
    void measure(int webhooks, int events) throws IOException, InterruptedException {
        int tenants = webhooks / TENANTS_WEBHOOKS;
        long before = Figures.residentMebibytes(site.dispatcher());
        Ledger ledger = new Ledger(events);
        List<Hook> hooks = site.receiver().newHooks(tenants * TENANTS_WEBHOOKS, events);
        List<String> keys = new ArrayList<>();
        long start = System.nanoTime();
        for (int tenant = 0; tenant < tenants; tenant++) {
            String key = site.platform().newTenant("benchmark-" + tenant);
            keys.add(key);
            for (int i = 0; i < TENANTS_WEBHOOKS; i++) {
                site.platform().register(key, hooks.get(tenant * TENANTS_WEBHOOKS + i), "bench.many", "");
            }
        }
        site.out()
                .printf(
                        "%d webhooks made in %.0f s; dispatcher: %d MiB before, %d after%n",
                        hooks.size(),
                        (System.nanoTime() - start) / NANOS_A_SECOND,
                        before,
                        Figures.residentMebibytes(site.dispatcher()));
        start = System.nanoTime();
        EventSource source = new EventSource(site.gateway(), ledger);
        for (String key : keys) {
            source.inBatches(key, "bench.many", 0, events);
        }
        boolean all = Site.await(() -> hooks.stream().allMatch(hook -> hook.count(0, events) == events));
        site.out()
                .printf(
                        "%d events for each of them %s after %.1f s; dispatcher: %d MiB%n",
                        events,
                        all ? "came" : "did not all come",
                        (System.nanoTime() - start) / NANOS_A_SECOND,
                        Figures.residentMebibytes(site.dispatcher()));
        site.reconcile(ledger, hooks, 0, events);
    }
}
