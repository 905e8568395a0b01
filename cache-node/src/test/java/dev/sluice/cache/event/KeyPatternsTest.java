package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.event.ReadChunk.WallClock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KeyPatternsTest {

    private static final ReadBuffer.Outlet NOWHERE = new ReadBuffer.Outlet() {
        @Override
        public WallClock wallClock() {
            return new WallClock(0, 0);
        }

        @Override
        public void begun(ReadBuffer buffer) {}

        @Override
        public void full(ReadBuffer.Dimension dimension, ReadChunk chunk) {}
    };

    @Test
    void firstPatternsKeepTheirNameAndOthersShareOne() {
        KeyPatterns patterns = patterns(10, 2);
        assertThat(patternOf(patterns, "t", "n", "a:1")).isEqualTo("a:*");
        assertThat(patternOf(patterns, "t", "n", "b:1")).isEqualTo("b:*");
        assertThat(patternOf(patterns, "t", "n", "c:1")).isEqualTo("__other__");
        assertThat(patternOf(patterns, "t", "n", "a:2")).isEqualTo("a:*");
        assertThat(patterns.known("t", "n")).containsExactlyInAnyOrder("a:*", "b:*");
    }

    @Test
    void oneNamespaceDoesNotUseUpAnother() {
        KeyPatterns patterns = patterns(10, 1);
        assertThat(patternOf(patterns, "t", "n", "a")).isEqualTo("a");
        assertThat(patternOf(patterns, "t", "m", "b")).isEqualTo("b");
        assertThat(patternOf(patterns, "u", "n", "c")).isEqualTo("c");
        assertThat(patternOf(patterns, "u", "n", "d")).isEqualTo("__other__");
    }

    @Test
    void remembersABoundedNumberOfNamespaces() {
        KeyPatterns patterns = patterns(5, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(patternOf(patterns, "t", "n" + i, "a")).isEqualTo("a");
        }
        long remembered = 0;
        for (int i = 0; i < 100; i++) {
            remembered += patterns.known("t", "n" + i).size();
        }
        assertThat(remembered).isLessThanOrEqualTo(5);
    }

    @Test
    void manyThreadsTogetherStayWithinTheBound() throws Exception {
        KeyPatterns patterns = patterns(10, 20);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(threads.submit(() -> {
                    start.await();
                    for (char a = 'a'; a <= 'z'; a++) {
                        for (char b = 'a'; b <= 'z'; b++) {
                            seen.add(patternOf(patterns, "t", "n", a + "" + b));
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> done : running) {
                done.get(60, TimeUnit.SECONDS);
            }
        }
        Set<String> named = new HashSet<>(seen);
        assertThat(named.remove("__other__")).isTrue();
        assertThat(named).hasSize(20).isEqualTo(patterns.known("t", "n"));
    }

    @Test
    void whatIsForgottenSaysSoAndIsLearntAnew() {
        KeyPatterns patterns = patterns(1, 1);
        ReadBuffer named = patterns.of("t", "n", "a");
        ReadBuffer other = patterns.of("t", "n", "b");
        assertThat(named.isForgotten()).isFalse();
        assertThat(patternOf(patterns, "t", "m", "a")).isEqualTo("a");
        assertThat(patternOf(patterns, "t", "m", "b")).isEqualTo("__other__");
        assertThat(named.isForgotten() && other.isForgotten())
                .as("of two namespaces one is remembered, be it which it may")
                .isNotEqualTo(patterns.of("t", "m", "a").isForgotten()
                        || patterns.known("t", "m").isEmpty());
    }

    private static KeyPatterns patterns(int maxNamespaces, int maxPatterns) {
        return new KeyPatterns(maxNamespaces, maxPatterns, dimension -> new ReadBuffer(dimension, NOWHERE));
    }

    private static String patternOf(KeyPatterns patterns, String tenant, String namespace, String key) {
        return patterns.of(tenant, namespace, key).dimension().pattern();
    }
}
