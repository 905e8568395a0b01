package dev.sluice.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a small JVM of its own, with each collector: short memory makes the first level smaller, and free memory makes it large again. */
class HeapGaugeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseZGC"})
    void theFirstLevelShrinksAndGrowsAgain(String collector) throws Exception {
        Process process = start(collector);
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).contains("shrunk", "grown");
            assertThat(process.exitValue()).as(said).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String collector) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                collector,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ShortMemory.class.getName()));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Fills the heap beside a cache until that is told, and gives all back until that is told too. */
    static final class ShortMemory {

        private static final long FULL = 48L << 20;
        /** Small, or G1 wastes a quarter of each region on them, which no figure shows. */
        private static final int PIECE = 8 << 10;

        private ShortMemory() {}

        public static void main(String[] arguments) {
            TwoLevelCache cache = TwoLevelCache.builder(CacheSettings.defaults().withFirstLevelMaxBytes(FULL))
                    .memory(MemoryGauge.ofHeap())
                    .build();
            for (int i = 0; i < FULL / PIECE; i++) {
                CacheValue value = CacheValue.of(new byte[PIECE], "");
                cache.put(new CacheKey("t", "n", "k" + i), value, Duration.ofHours(1), Condition.any())
                        .block();
            }
            List<byte[]> ballast = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.dividedBy(2).toNanos();
            while (max(cache) == FULL && System.nanoTime() < deadline) {
                for (int i = 0; i < 64 && ballast.size() * (long) PIECE < 66L << 20; i++) {
                    ballast.add(new byte[PIECE]);
                }
                System.gc();
            }
            say(max(cache) < FULL ? "shrunk" : "never told that memory is short");
            ballast.clear();
            while (max(cache) < FULL && System.nanoTime() < deadline) {
                System.gc();
            }
            say(max(cache) == FULL ? "grown" : "never told that memory is free");
        }

        private static long max(TwoLevelCache cache) {
            return cache.statistics().firstLevel().maxWeight();
        }

        private static void say(String word) {
            System.out.write((word + '\n').getBytes(StandardCharsets.UTF_8), 0, word.length() + 1);
            System.out.flush();
        }
    }
}
