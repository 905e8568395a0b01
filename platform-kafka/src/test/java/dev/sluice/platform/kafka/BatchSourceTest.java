package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Entries that count as several, offered and taken from a source. */
class BatchSourceTest {
    private static final int ENTRIES = 5_000;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<Integer> gathered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger published = new AtomicInteger();

    @Test
    void countsWhatEntriesWeighWhereverTheyComeFrom() throws Exception {
        BatchingPublisher<String, Integer> publisher = publisher(limits(100, 1_000_000));
        publisher.start();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> offering = threads.submit(() -> {
                for (int i = 1; i <= ENTRIES; i++) {
                    assertThat(publisher.offer("key", i % 7)).isTrue();
                }
            });
            Future<?> gathering = threads.submit(() -> {
                for (int i = 1; i <= ENTRIES; i++) {
                    gathered.add(i % 5);
                }
            });
            offering.get();
            gathering.get();
        }
        publisher.close();
        int weight = sum(7) + sum(5);
        assertThat(published).hasValue(weight);
        assertThat(count("published")).isEqualTo(weight);
        assertThat(count("dropped")).isZero();
        assertThat(publisher.held()).isZero();
    }

    /** The bound is one of weights: a source does not get past it. */
    @Test
    void dropsTheOldestPastTheBoundAndSaysHowMuch() {
        BatchingPublisher<String, Integer> publisher = new BatchingPublisher<>(
                "test",
                (key, entries) -> CompletableFuture.failedFuture(new PublishFailedException("pretended")),
                limits(10, 100),
                weight -> weight,
                batch -> {
                    for (Integer next = gathered.poll(); next != null; next = gathered.poll()) {
                        batch.accept("key " + next, next);
                    }
                },
                meters);
        for (int i = 1; i <= 50; i++) {
            gathered.add(10);
        }
        publisher.start();
        publisher.close();
        assertThat(count("dropped")).isEqualTo(500);
        assertThat(publisher.held()).isZero();
    }

    private BatchingPublisher<String, Integer> publisher(BatchLimits limits) {
        return new BatchingPublisher<>(
                "test",
                (key, entries) -> {
                    published.addAndGet(
                            entries.stream().mapToInt(Integer::intValue).sum());
                    return CompletableFuture.completedFuture(key);
                },
                limits,
                weight -> weight,
                batch -> {
                    for (Integer next = gathered.poll(); next != null; next = gathered.poll()) {
                        batch.accept("key", next);
                    }
                },
                meters);
    }

    private static BatchLimits limits(int batch, int held) {
        return new BatchLimits(Duration.ofMillis(2), batch, held, 4, Duration.ofSeconds(1));
    }

    private static int sum(int modulus) {
        int sum = 0;
        for (int i = 1; i <= ENTRIES; i++) {
            sum += i % modulus;
        }
        return sum;
    }

    private int count(String what) {
        return (int) meters.counter("sluice.kafka.batch." + what, "publisher", "test")
                .count();
    }
}
