package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void firstPatternsKeepTheirNameAndOthersShareOne() {
        KeyPatterns patterns = new KeyPatterns(10, 2);
        assertThat(patterns.patternOf("t", "n", "a:1")).isEqualTo("a:*");
        assertThat(patterns.patternOf("t", "n", "b:1")).isEqualTo("b:*");
        assertThat(patterns.patternOf("t", "n", "c:1")).isEqualTo("__other__");
        assertThat(patterns.patternOf("t", "n", "a:2")).isEqualTo("a:*");
        assertThat(patterns.known("t", "n")).containsExactlyInAnyOrder("a:*", "b:*");
    }

    @Test
    void oneNamespaceDoesNotUseUpAnother() {
        KeyPatterns patterns = new KeyPatterns(10, 1);
        assertThat(patterns.patternOf("t", "n", "a")).isEqualTo("a");
        assertThat(patterns.patternOf("t", "m", "b")).isEqualTo("b");
        assertThat(patterns.patternOf("u", "n", "c")).isEqualTo("c");
        assertThat(patterns.patternOf("u", "n", "d")).isEqualTo("__other__");
    }

    @Test
    void remembersABoundedNumberOfNamespaces() {
        KeyPatterns patterns = new KeyPatterns(5, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(patterns.patternOf("t", "n" + i, "a")).isEqualTo("a");
        }
        long remembered = 0;
        for (int i = 0; i < 100; i++) {
            remembered += patterns.known("t", "n" + i).size();
        }
        assertThat(remembered).isLessThanOrEqualTo(5);
    }

    @Test
    void manyThreadsTogetherStayWithinTheBound() throws Exception {
        KeyPatterns patterns = new KeyPatterns(10, 20);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                running.add(threads.submit(() -> {
                    start.await();
                    for (char a = 'a'; a <= 'z'; a++) {
                        for (char b = 'a'; b <= 'z'; b++) {
                            seen.add(patterns.patternOf("t", "n", a + "" + b));
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
}
