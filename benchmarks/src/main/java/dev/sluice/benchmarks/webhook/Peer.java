package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that does nothing but post, in a process of its own, on the same receivers with as many requests at once. */
final class Peer {

    private static final double NANOS_A_SECOND = 1e9;
    private static final double MICROS = 1e6;
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    /** Of a peer's rate and of its CPU for each. */
    private static final double BUDGET = 0.6;

    private final String name;
    private final Process process;
    private final List<Turn> turns = new ArrayList<>();
    private final List<Turn> paced = new ArrayList<>();

    /** @param loop by what it posts, as {@link PlainLoop} calls it */
    Peer(String name, String loop, List<Hook> hooks, int atOnce, String type) throws IOException {
        this.name = name;
        process = start(loop, hooks, atOnce, type);
    }

    private static Process start(String loop, List<Hook> hooks, int atOnce, String type) throws IOException {
        String body = "{\"type\":\"%s\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":{\"text\":\"%s\"}}"
                .formatted(type, EventSource.TEXT);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC"));
        command.addAll(Tls.flags());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                PlainLoop.class.getName(),
                loop,
                Integer.toString(atOnce),
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

    /** As fast as it can. */
    void run(int requests) throws IOException {
        turns.add(turn(requests, 0));
    }

    /** So many a second, which the dispatcher just had. */
    void runAt(int requests, int perSecond) throws IOException {
        paced.add(turn(requests, perSecond));
    }

    private Turn turn(int requests, int perSecond) throws IOException {
        double cpu = Figures.cpuSeconds(process.pid());
        double idle = Figures.idleSeconds();
        long start = System.nanoTime();
        process.getOutputStream().write((requests + " " + perSecond + "\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        if (process.getInputStream().read() < 0) {
            throw new IOException("the plain client ended");
        }
        double seconds = (System.nanoTime() - start) / NANOS_A_SECOND;
        return new Turn(
                requests / seconds,
                (Figures.cpuSeconds(process.pid()) - cpu) / requests * MICROS,
                (Figures.idleSeconds() - idle) / seconds / CORES);
    }

    /** What it did last. */
    String last() {
        Turn turn = turns.getLast();
        return String.format(
                Locale.ROOT,
                "%s %s, idle %.0f %%, and %.0f µs at the same pace",
                name,
                turn,
                100 * turn.idle(),
                paced.getLast().micros());
    }

    /** What was done until now was to warm up. */
    void forget() {
        turns.clear();
        paced.clear();
    }

    /** Beside this, whose turn was at the pace of the second. */
    String beside(Turn dispatcher) {
        Turn turn = Turn.median(turns);
        Turn atPace = Turn.median(paced);
        double rate = dispatcher.perSecond() / turn.perSecond();
        double cpu = atPace.micros() / dispatcher.micros();
        return String.format(
                Locale.ROOT,
                "%s: %s; at the same pace (%.0f/s) %.0f µs; the dispatcher has %.2f of its rate (%s), and of its CPU at the same pace %.2f (%s)",
                name,
                turn,
                atPace.perSecond(),
                atPace.micros(),
                rate,
                verdict(rate),
                cpu,
                verdict(cpu));
    }

    private static String verdict(double part) {
        return part >= BUDGET ? "kept" : "not kept";
    }

    void end() {
        process.destroy();
    }
}
