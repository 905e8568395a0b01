package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Deliveries a second, and what each costs the dispatcher, beside a plain client of the same receivers, in turns. */
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

    /**
     * What was seen of some deliveries.
     *
     * @param micros of the processor, for each
     * @param idle part of the machine's cores that had nothing to do
     */
    private record Turn(double perSecond, double micros, double idle) {}

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
        Process plain = startPlain(hooks);
        List<Turn> plainTurns = new ArrayList<>();
        List<Turn> pacedTurns = new ArrayList<>();
        List<Turn> turns = new ArrayList<>();
        for (int round = 0; round < WARM + rounds; round++) {
            Turn plainTurn = plainTurn(plain, 0);
            Turn accepted = accepted(source, key, hooks, 2 * round * events);
            String acceptedShares = shares;
            Turn turn = logged(source, key, hooks, (2 * round + 1) * events);
            Turn pacedTurn = plainTurn(plain, (int) turn.perSecond);
            site.out()
                    .printf(
                            "%s: from the log %.0f/s, %.0f µs of CPU each, machine idle %.0f %%; from the gateway %.0f/s, %.0f µs, idle %.0f %%; plain client %.0f/s, %.0f µs, idle %.0f %%; at the pace of the first %.0f µs%n",
                            round < WARM ? "warming up" : "turn " + (round - WARM + 1),
                            turn.perSecond,
                            turn.micros,
                            PERCENT * turn.idle,
                            accepted.perSecond,
                            accepted.micros,
                            PERCENT * accepted.idle,
                            plainTurn.perSecond,
                            plainTurn.micros,
                            PERCENT * plainTurn.idle,
                            pacedTurn.micros);
            site.out().printf("    from the log, µs for each: %s%n", shares);
            site.out().printf("    from the gateway, µs for each: %s%n", acceptedShares);
            site.out().flush();
            if (round >= WARM) {
                turns.add(turn);
                plainTurns.add(plainTurn);
                pacedTurns.add(pacedTurn);
            }
        }
        plain.destroy();
        Turn middle = median(turns);
        Turn plainMiddle = median(plainTurns);
        Turn pacedMiddle = median(pacedTurns);
        site.out()
                .printf(
                        "medians: from the log %.0f/s, %.0f µs; plain client %.0f/s, %.0f µs; %.2f of its rate, %.2f times its CPU, %.2f times at the same pace (%.0f µs)%n",
                        middle.perSecond,
                        middle.micros,
                        plainMiddle.perSecond,
                        plainMiddle.micros,
                        middle.perSecond / plainMiddle.perSecond,
                        middle.micros / plainMiddle.micros,
                        middle.micros / pacedMiddle.micros,
                        pacedMiddle.micros);
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
        if (!Site.await(() -> hooks.stream().allMatch(hook -> hook.count(from, from + events) == events))) {
            throw new IllegalStateException("not everything came");
        }
        double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
        double idled = (Figures.idleSeconds() - idle) / seconds / CORES;
        // What goes to the log of attempts behind the last delivery is part of the cost.
        Site.pause(Duration.ofSeconds(1));
        int deliveries = events * FAN_OUT;
        shares = Shares.of(site.dispatcher(), others).since(before, deliveries);
        return new Turn(
                deliveries / seconds, (Figures.cpuSeconds(site.dispatcher()) - cpu) / deliveries * MICROS, idled);
    }

    /** @param perSecond 0 for as fast as may be */
    private Turn plainTurn(Process plain, int perSecond) throws IOException {
        int requests = events * FAN_OUT;
        double cpu = Figures.cpuSeconds(plain.pid());
        double idle = Figures.idleSeconds();
        long start = System.nanoTime();
        plain.getOutputStream().write((requests + " " + perSecond + "\n").getBytes(StandardCharsets.US_ASCII));
        plain.getOutputStream().flush();
        if (plain.getInputStream().read() < 0) {
            throw new IOException("the plain client ended");
        }
        double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
        return new Turn(
                requests / seconds,
                (Figures.cpuSeconds(plain.pid()) - cpu) / requests * MICROS,
                (Figures.idleSeconds() - idle) / seconds / CORES);
    }

    private static Turn median(List<Turn> turns) {
        return new Turn(
                Figures.median(turns.stream().mapToDouble(Turn::perSecond).toArray()),
                Figures.median(turns.stream().mapToDouble(Turn::micros).toArray()),
                Figures.median(turns.stream().mapToDouble(Turn::idle).toArray()));
    }

    /** A process of its own, on the same receivers with as many requests at once. */
    private static Process startPlain(List<Hook> hooks) throws IOException {
        String body = "{\"type\":\"%s\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":{\"text\":\"%s\"}}"
                .formatted(FLOW, EventSource.TEXT);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(Tls.flags());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PlainLoop.class.getName(),
                Integer.toString(AT_ONCE * hooks.size()),
                "msg_1",
                "1",
                body));
        for (Hook hook : hooks) {
            command.add(hook.url());
            command.add(hook.sign("msg_1", "1", body.getBytes(StandardCharsets.UTF_8)));
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
