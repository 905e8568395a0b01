package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** How long after the answer 202 an event is at its receivers, and whether one of them makes the others wait. */
final class Latency {

    private static final int RECEIVERS = 4;
    private static final int MOST = 400_000;
    private static final double NANOS_A_MILLI = 1e6;
    private static final int WARM_SECONDS = 10;
    /** In batches, before those by the clock: until then most is interpreted. */
    private static final int WARM_EVENTS = 30_000;

    private static final int WARM_SINGLE = 20_000;

    private final Site site;
    private final Ledger ledger = new Ledger(MOST);
    private int next;

    Latency(Site site) {
        this.site = site;
    }

    /**
     * Events a second, each for four receivers, for so many seconds.
     *
     * @param others process ids of what else works for them, by name
     */
    void measure(int perSecond, int seconds, Map<String, Long> others) throws IOException, InterruptedException {
        EventSource source = new EventSource(site.gateway(), ledger);
        String key = site.platform().newTenant("benchmark");
        List<Hook> hooks = site.receiver().newHooks(RECEIVERS, MOST);
        for (Hook hook : hooks) {
            site.platform().register(key, hook, "bench.steady", "");
        }
        warm(source, key, event -> "bench.steady", perSecond, hooks, RECEIVERS);
        double cpu = Figures.cpuSeconds(site.dispatcher());
        double idle = Figures.idleSeconds();
        int again = source.sentAgain();
        Shares before = Shares.of(site.dispatcher(), others);
        int from = publish(source, key, event -> "bench.steady", perSecond, seconds);
        awaitAll(hooks, from, next);
        site.out()
                .printf(
                        "%d events/s, %d deliveries/s, dispatcher on %.2f cores, machine idle for %.2f cores, %d requests sent once more%n",
                        perSecond,
                        perSecond * RECEIVERS,
                        (Figures.cpuSeconds(site.dispatcher()) - cpu) / seconds,
                        (Figures.idleSeconds() - idle) / seconds,
                        source.sentAgain() - again);
        site.out()
                .println("µs for each delivery: "
                        + Shares.of(site.dispatcher(), others).since(before, perSecond * seconds * RECEIVERS));
        int to = next;
        site.out()
                .printf(
                        "accepted to delivered: %s%npublished to accepted: %s%npublished to delivered: %s%n",
                        Figures.quantiles(Figures.waits(ledger::acceptedAt, hooks, from, to)),
                        Figures.quantiles(IntStream.range(from, to)
                                .mapToDouble(event -> (ledger.acceptedAt(event) - ledger.sentAt(event)) / NANOS_A_MILLI)
                                .sorted()
                                .toArray()),
                        Figures.quantiles(Figures.waits(ledger::sentAt, hooks, from, to)));
        site.reconcile(ledger, hooks, 0, next);
    }

    /** Half of the events are for one receiver, which in every other turn does not answer. */
    void isolation(int perSecond, int seconds, int rounds) throws IOException, InterruptedException {
        EventSource source = new EventSource(site.gateway(), ledger);
        String key = site.platform().newTenant("benchmark");
        List<Hook> hooks = site.receiver().newHooks(RECEIVERS, MOST);
        for (int i = 0; i < RECEIVERS; i++) {
            site.platform().register(key, hooks.get(i), "bench.to" + i, ",\"timeout\":\"PT30S\"");
        }
        List<Hook> others = hooks.subList(1, RECEIVERS);
        IntFunction<String> half =
                event -> event % 2 == 0 ? "bench.to0" : "bench.to" + (1 + event / 2 % (RECEIVERS - 1));
        warm(source, key, half, perSecond, hooks, 1);
        double[] calm = new double[rounds];
        double[] moved = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            calm[round] = turn(source, key, half, perSecond, seconds, others, "all answer");
            hooks.getFirst().hang(true);
            moved[round] = turn(source, key, half, perSecond, seconds, others, "one hangs");
            hooks.getFirst().hang(false);
            int to = next;
            if (!Site.await(() -> hooks.getFirst().count(0, to) == (to + 1) / 2)) {
                throw new IllegalStateException("what waited for the one that hung did not come");
            }
            // Until it has caught up, its partition is read twice.
            Site.pause(Duration.ofSeconds(5));
        }
        site.out()
                .printf(
                        "p99 of the others, medians of %d: %.1f ms, %.1f ms while one hangs: %+.0f %%%n",
                        rounds,
                        Figures.median(calm),
                        Figures.median(moved),
                        100 * (Figures.median(moved) / Figures.median(calm) - 1));
    }

    /** So many events wait for one that is paused, while four others get theirs. */
    void behindOne(int waiting, int perSecond) throws IOException, InterruptedException {
        EventSource source = new EventSource(site.gateway(), ledger);
        String key = site.platform().newTenant("benchmark");
        String other = site.platform().newTenant("benchmark-paused");
        List<Hook> hooks = site.receiver().newHooks(RECEIVERS, MOST);
        Hook paused = site.receiver().newHooks(1, MOST).getFirst();
        for (Hook hook : hooks) {
            site.platform().register(key, hook, "bench.steady", "");
        }
        site.platform().register(other, paused, "bench.paused", "");
        IntFunction<String> steady = event -> "bench.steady";
        warm(source, key, steady, perSecond, hooks, RECEIVERS);
        double _ = turn(source, key, steady, perSecond, 20, hooks, "nothing waits");
        site.platform().post(other, paused, "pause");
        Site.pause(Duration.ofSeconds(1));
        int from = next;
        next += waiting;
        long start = System.nanoTime();
        source.inBatches(other, "bench.paused", from, from + waiting);
        site.out().printf("%d published in %.0f s%n", waiting, (System.nanoTime() - start) / 1e9);
        double _ = turn(source, key, steady, perSecond, 20, hooks, waiting + " wait for another");
        long resident = Figures.residentMebibytes(site.dispatcher());
        start = System.nanoTime();
        site.platform().post(other, paused, "resume");
        while (paused.count(from, from + waiting) < waiting) {
            double _ = turn(
                    source, key, steady, perSecond, 5, hooks, paused.count(from, from + waiting) + " of them sent");
        }
        site.out()
                .printf(
                        "drained after at most %.0f s; dispatcher: %d MiB before, %d after%n",
                        (System.nanoTime() - start) / 1e9, resident, Figures.residentMebibytes(site.dispatcher()));
        double _ = turn(source, key, steady, perSecond, 20, hooks, "nothing waits");
        site.reconcile(ledger, List.of(paused), from, from + waiting);
    }

    /** Until the code that is measured is compiled, and until nothing waits that was published for that. */
    private void warm(
            EventSource source,
            String key,
            IntFunction<String> type,
            int perSecond,
            List<Hook> hooks,
            int receiversOfEach) {
        int from = next;
        next += WARM_EVENTS;
        source.inBatches(key, type, from, next);
        // The gateway takes a single event another way than a batch; at the pace of what is measured it would be behind
        // for most of the time.
        source.oneByOne(key, type, next, next + WARM_SINGLE);
        next += WARM_SINGLE;
        int _ = publish(source, key, type, perSecond, WARM_SECONDS);
        int to = next;
        boolean all = Site.await(
                () -> hooks.stream().mapToInt(hook -> hook.count(from, to)).sum() == (to - from) * receiversOfEach);
        if (!all) {
            throw new IllegalStateException("not everything came");
        }
        Site.pause(Duration.ofSeconds(2));
    }

    /** The p99 of these receivers. */
    private double turn(
            EventSource source,
            String key,
            IntFunction<String> type,
            int perSecond,
            int seconds,
            List<Hook> seen,
            String name) {
        int from = publish(source, key, type, perSecond, seconds);
        Site.pause(Duration.ofSeconds(1));
        double[] waits = Figures.waits(ledger::sentAt, seen, from, next);
        site.out().println(name + ": " + Figures.quantiles(waits));
        site.out().flush();
        return Figures.quantile(waits, 0.99);
    }

    /** The number of the first. */
    private int publish(EventSource source, String key, IntFunction<String> type, int perSecond, int seconds) {
        int from = next;
        next += perSecond * seconds;
        source.steadily(key, type, from, next, perSecond);
        return from;
    }

    private static void awaitAll(List<Hook> hooks, int from, int to) {
        if (!Site.await(() -> hooks.stream().allMatch(hook -> hook.count(from, to) == to - from))) {
            throw new IllegalStateException("not everything came");
        }
    }
}
