package dev.sluice.benchmarks.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the processor's time went: of the dispatcher by what its threads are for, of the other processes as a whole. As the kernel counts it, in
 * hundredths of a second.
 */
final class Shares {

    /** What a thread is for, by how its name begins; the kernel keeps 15 characters of it. */
    private static final Map<String, List<String>> PURPOSES = new LinkedHashMap<>();

    static {
        PURPOSES.put("HTTP", List.of("webhook-http", "reactor-http", "parallel-"));
        PURPOSES.put("reading Kafka", List.of("webhook-fanout", "webhook-deliver", "webhook-retry", "webhook-catch"));
        PURPOSES.put("writing Kafka", List.of("kafka-producer", "kafka-sender", "kafka-gather"));
        PURPOSES.put("reading back", List.of("table-", "webhook-health", "webhook-exhaus"));
        PURPOSES.put("compiling", List.of("C1 ", "C2 "));
        PURPOSES.put("collecting", List.of("VM ", "GC ", "G1 ", "Reference"));
    }

    private static final double MICROS_A_HUNDREDTH = 1e4;
    private static final String REST = "rest";
    private static final String KERNEL = ", of it kernel";
    /** In a thread's status. */
    private static final String SLEPT = "voluntary_ctxt_switches:";

    private final Map<String, Long> hundredths;
    /** How often threads of the dispatcher waited for something. */
    private final Map<String, Long> slept;

    private Shares(Map<String, Long> hundredths, Map<String, Long> slept) {
        this.hundredths = hundredths;
        this.slept = slept;
    }

    /**
     * What was used until now.
     *
     * @param dispatcher its process id
     * @param others further processes by name
     */
    static Shares of(long dispatcher, Map<String, Long> others) throws IOException {
        Map<String, Long> used = new LinkedHashMap<>();
        Map<String, Long> slept = new LinkedHashMap<>();
        PURPOSES.keySet().forEach(purpose -> {
            used.put(purpose, 0L);
            used.put(purpose + KERNEL, 0L);
        });
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(dispatcher), "task"))) {
            for (Path thread : threads.toList()) {
                addThread(used, slept, thread);
            }
        }
        for (Map.Entry<String, Long> other : others.entrySet()) {
            Cpu cpu = Cpu.of(Path.of("/proc", Long.toString(other.getValue())));
            used.put(other.getKey(), cpu.user() + cpu.kernel());
        }
        return new Shares(used, slept);
    }

    private static void addThread(Map<String, Long> used, Map<String, Long> slept, Path thread) throws IOException {
        try {
            Cpu cpu = Cpu.of(thread);
            String purpose = PURPOSES.entrySet().stream()
                    .filter(entry -> entry.getValue().stream().anyMatch(cpu.name()::startsWith))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(REST);
            used.merge(purpose, cpu.user() + cpu.kernel(), Long::sum);
            used.merge(purpose + KERNEL, cpu.kernel(), Long::sum);
            slept.merge(purpose, timesAsleep(thread), Long::sum);
        } catch (NoSuchFileException _) {
            // It has ended; what it used is missing, which is not much.
        }
    }

    private static long timesAsleep(Path thread) throws IOException {
        return Files.readAllLines(thread.resolve("status")).stream()
                .filter(line -> line.startsWith(SLEPT))
                .mapToLong(line -> Long.parseLong(line.substring(SLEPT.length()).strip()))
                .sum();
    }

    /** Microseconds for each delivery since then, by name, and how often threads waited for a hundred deliveries. */
    String since(Shares before, int deliveries) {
        return "%s; waits for a hundred: %s"
                .formatted(
                        differences(hundredths, before.hundredths, MICROS_A_HUNDREDTH / deliveries),
                        differences(slept, before.slept, 100.0 / deliveries));
    }

    private static String differences(Map<String, Long> after, Map<String, Long> before, double unit) {
        return after.entrySet().stream()
                .map(entry -> String.format(
                        Locale.ROOT,
                        "%s %.1f",
                        entry.getKey(),
                        (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) * unit))
                .collect(Collectors.joining("; "));
    }

    /** Of a process or a thread. */
    private record Cpu(String name, long user, long kernel) {

        /** Behind the name: 11 other fields, then user and system time. */
        private static final int USER = 11;

        static Cpu of(Path directory) throws IOException {
            String stat = Files.readString(directory.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", USER + 3);
            return new Cpu(
                    stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
                    Long.parseLong(fields[USER]),
                    Long.parseLong(fields[USER + 1]));
        }
    }
}
