package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/** What is read off processes and receivers. */
public final class Figures {

    private static final double NANOS_A_MILLI = 1e6;
    /** In /proc/pid/stat behind the name: 11 other fields, then user and system time in hundredths of a second. */
    private static final int CPU_FIELD = 11;

    private Figures() {}

    /** Seconds that a process was on a core. */
    public static double cpuSeconds(long process) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", CPU_FIELD + 3);
        return (Long.parseLong(fields[CPU_FIELD]) + Long.parseLong(fields[CPU_FIELD + 1])) / 100.0;
    }

    /** Seconds that cores of this machine had nothing to do, all of them together. */
    public static double idleSeconds() throws IOException {
        // cpu, then user, nice, system, idle and iowait, in hundredths of a second.
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split(" +", 7);
        return (Long.parseLong(fields[4]) + Long.parseLong(fields[5])) / 100.0;
    }

    /** What is resident of a process, in MiB. */
    static long residentMebibytes(long process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /**
     * Milliseconds until the request at the receiver, of all events between these two that came to any of these; sorted. A receiver may hear of an
     * event before its publisher has the answer, which counts as none.
     *
     * @param since when an event was sent, or when it was accepted, by its number
     */
    static double[] waits(IntToLongFunction since, List<Hook> hooks, int from, int to) {
        return hooks.stream()
                .flatMapToDouble(hook -> IntStream.range(from, to)
                        .filter(hook::has)
                        .mapToDouble(
                                event -> Math.max(0, hook.firstAt(event) - since.applyAsLong(event)) / NANOS_A_MILLI))
                .sorted()
                .toArray();
    }

    /** The smallest value that so large a part is not above. */
    static double quantile(double[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)];
    }

    static String quantiles(double[] sorted) {
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.0f ms (%d)",
                quantile(sorted, 0.5),
                quantile(sorted, 0.9),
                quantile(sorted, 0.99),
                quantile(sorted, 1),
                sorted.length);
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
