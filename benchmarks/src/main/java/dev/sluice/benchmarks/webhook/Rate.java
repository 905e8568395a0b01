package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Deliveries a second, and what each costs the dispatcher, beside plain clients of the same receivers, in turns. */
final class Rate {

    private static final int FAN_OUT = 4;
    /** As many as a dispatcher sends to one webhook. */
    private static final int AT_ONCE = 8;

    private static final int WARM = 4;
    private static final String FLOW = "bench.flow";
    private static final double NANOS_A_SECOND = 1e9;
    private static final double MICROS = 1e6;
    private static final double PERCENT = 100;
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Site site;
    private final int events;
    /** What else works for a delivery, by name. */
    private final Map<String, Long> others = new LinkedHashMap<>();

    private String shares = "";

    /**
     * Turns of so many events.
     *
     * @param events of each turn; each becomes four deliveries
     * @param broker its process id
     * @param gateway its process id
     */
    Rate(Site site, int events, long broker, long gateway) {
        this.site = site;
        this.events = events;
        others.put("broker", broker);
        others.put("gateway", gateway);
        others.put("source and receiver", ProcessHandle.current().pid());
    }

    void measure(int rounds) throws IOException, InterruptedException {
        Ledger ledger = new Ledger(2 * events * (WARM + rounds));
        EventSource source = new EventSource(site.gateway(), ledger);
        String key = site.platform().newTenant("benchmark");
        List<Hook> hooks = site.receiver().newHooks(FAN_OUT, ledger.size());
        for (Hook hook : hooks) {
            site.platform().register(key, hook, FLOW, "");
        }
        List<Peer> peers = List.of(
                new Peer("Reactor Netty", "netty", hooks, AT_ONCE * FAN_OUT, FLOW),
                new Peer("JDK client", "jdk", hooks, AT_ONCE * FAN_OUT, FLOW));
        List<Turn> turns = new ArrayList<>();
        for (int round = 0; round < WARM + rounds; round++) {
            for (Peer peer : peers) {
                peer.run(FAN_OUT * events);
            }
            Turn accepted = accepted(source, key, hooks, 2 * round * events);
            String acceptedShares = shares;
            Turn turn = logged(source, key, hooks, (2 * round + 1) * events);
            for (Peer peer : peers) {
                peer.runAt(FAN_OUT * events, (int) turn.perSecond());
            }
            site.out()
                    .printf(
                            "%s: from the log %s, machine idle %.0f %%; from the gateway %s, idle %.0f %%; %s%n",
                            round < WARM ? "warming up" : "turn " + (round - WARM + 1),
                            turn,
                            PERCENT * turn.idle(),
                            accepted,
                            PERCENT * accepted.idle(),
                            peers.stream().map(Peer::last).collect(Collectors.joining("; ")));
            site.out().printf("    from the log, µs for each: %s%n", shares);
            site.out().printf("    from the gateway, µs for each: %s%n", acceptedShares);
            site.out().flush();
            if (round >= WARM) {
                turns.add(turn);
            } else {
                peers.forEach(Peer::forget);
            }
        }
        Turn middle = Turn.median(turns);
        site.out().printf("medians: from the log %s%n", middle);
        for (Peer peer : peers) {
            site.out().println("    " + peer.beside(middle));
            peer.end();
        }
        site.reconcile(ledger, hooks, 0, ledger.size());
    }

    /** All that an event costs, with its acceptance, which takes of the same cores. */
    private Turn accepted(EventSource source, String key, List<Hook> hooks, int from) throws IOException {
        return turn(() -> source.inBatches(key, FLOW, from, from + events), hooks, from);
    }

    /** What it costs the dispatcher, and those that it needs for it: from the events' log to their receivers. It rests while they are accepted. */
    private Turn logged(EventSource source, String key, List<Hook> hooks, int from) throws IOException {
        signal("STOP");
        source.inBatches(key, FLOW, from, from + events);
        return turn(() -> signal("CONT"), hooks, from);
    }

    private void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", "-" + signal, Long.toString(site.dispatcher()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new IllegalStateException("kill -" + signal + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Turn turn(Runnable begin, List<Hook> hooks, int from) throws IOException {
        double cpu = Figures.cpuSeconds(site.dispatcher());
        Shares before = Shares.of(site.dispatcher(), others);
        double idle = Figures.idleSeconds();
        long start = System.nanoTime();
        begin.run();
        Course course = new Course();
        if (!Site.await(() -> {
            int came = hooks.stream()
                    .mapToInt(hook -> hook.count(from, from + events))
                    .sum();
            course.at(came);
            return came == FAN_OUT * events;
        })) {
            throw new IllegalStateException("not everything came");
        }
        site.out().println("    came, and idle %, in each fifth of a second:" + course);
        double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
        double idled = (Figures.idleSeconds() - idle) / seconds / CORES;
        // What goes to the log of attempts behind the last delivery is part of the cost.
        Site.pause(Duration.ofSeconds(1));
        int deliveries = events * FAN_OUT;
        shares = Shares.of(site.dispatcher(), others).since(before, deliveries);
        return new Turn(
                deliveries / seconds, (Figures.cpuSeconds(site.dispatcher()) - cpu) / deliveries * MICROS, idled);
    }
}
