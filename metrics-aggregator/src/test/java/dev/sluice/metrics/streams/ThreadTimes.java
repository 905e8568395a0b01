package dev.sluice.metrics.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The CPU time that the threads of a JVM have taken, by what they are for, as Linux tells it in hundredths of a second. What is compiled once costs the more of a read the fewer of them there are, so it is told apart.
 *
 * @param nanos of those threads that are there; those that have ended are missing
 */
record ThreadTimes(Map<Purpose, Long> nanos) {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** In /proc/PID/task/TID/stat, counted from behind the name. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    enum Purpose {
        COMPILING,
        COLLECTING,
        SENDING,
        /** The thread that polls, decodes and counts. */
        WORK,
        OTHER;

        /** By the name of a thread, of which Linux keeps the first fifteen characters. */
        private static Purpose of(String thread) {
            if (thread.startsWith("C1 Comp") || thread.startsWith("C2 Comp")) {
                return COMPILING;
            }
            if (thread.startsWith("VM Thread") || thread.startsWith("GC ")) {
                return COLLECTING;
            }
            if (thread.startsWith("kafka-producer-")) {
                return SENDING;
            }
            return thread.startsWith("java") || thread.startsWith("AGGREGATE") || thread.startsWith("NAIVE")
                    ? WORK
                    : OTHER;
        }
    }

    ThreadTimes {
        nanos = Map.copyOf(nanos);
    }

    static ThreadTimes of(Process process) {
        Path tasks = Path.of("/proc", String.valueOf(process.pid()), "task");
        Map<Purpose, Long> nanos = new EnumMap<>(Purpose.class);
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                try {
                    count(Files.readString(thread.resolve("stat")), nanos);
                } catch (NoSuchFileException e) {
                    // It has ended in between.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ThreadTimes(nanos);
    }

    private static void count(String stat, Map<Purpose, Long> nanos) {
        int name = stat.indexOf('(');
        int end = stat.lastIndexOf(')');
        List<String> fields = List.of(stat.substring(end + 2).split(" ", -1));
        long ticks = Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS));
        nanos.merge(Purpose.of(stat.substring(name + 1, end)), ticks * TICK_NANOS, Long::sum);
    }

    /** What was taken since. */
    ThreadTimes since(ThreadTimes before) {
        Map<Purpose, Long> since = new EnumMap<>(Purpose.class);
        for (Purpose purpose : Purpose.values()) {
            since.put(purpose, of(purpose) - before.of(purpose));
        }
        return new ThreadTimes(since);
    }

    long of(Purpose purpose) {
        return nanos.getOrDefault(purpose, 0L);
    }

    /** Divided by so many. */
    String ofEach(long parts) {
        return Stream.of(Purpose.values())
                .map(purpose ->
                        purpose.name().toLowerCase(Locale.ROOT) + " " + Math.round((double) of(purpose) / parts))
                .collect(Collectors.joining(", "));
    }
}
