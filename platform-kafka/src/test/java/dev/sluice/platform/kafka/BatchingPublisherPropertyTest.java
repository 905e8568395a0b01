package dev.sluice.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.Randomness;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whatever the sink does and whoever offers: nothing is lost uncounted, nothing overtakes within a key. */
class BatchingPublisherPropertyTest {
    private static final int ROUNDS = 8;
    private static final int PRODUCERS = 3;
    private static final int KEYS = 5;
    private static final int ENTRIES = 2_000;

    private final Random random = Randomness.seeded();

    @Test
    void accountsForEveryEntryAndKeepsTheOrderOfAKey() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            new Round(new Random(random.nextLong())).play();
        }
    }

    /** Numbered within its producer; no record can be made of some. */
    private record Entry(long sequence) {
        boolean encodable() {
            return sequence % 997 != 0;
        }
    }

    private static final class Round {
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final Random random;
        private final int mostEntries;
        private final int percentFailing;
        private final BatchLimits limits;
        private final ExecutorService elsewhere = Executors.newFixedThreadPool(2);
        private final Map<String, ConcurrentLinkedQueue<Entry>> confirmed = new ConcurrentHashMap<>();
        private final AtomicLong offered = new AtomicLong();
        private final AtomicLong refused = new AtomicLong();

        Round(Random random) {
            this.random = random;
            this.mostEntries = 1 + random.nextInt(60);
            this.percentFailing = random.nextInt(4);
            int batch = 1 + random.nextInt(100);
            this.limits = new BatchLimits(
                    Duration.ofMillis(1 + random.nextInt(5)),
                    batch,
                    batch + random.nextInt(ENTRIES),
                    1 + random.nextInt(8),
                    Duration.ofSeconds(60));
        }

        void play() throws Exception {
            BatchingPublisher<String, Entry> publisher =
                    new BatchingPublisher<>("test", sink(random.nextLong()), limits, meters);
            publisher.start();
            AtomicBoolean done = new AtomicBoolean();
            try (ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS + 1)) {
                Future<?> watch = threads.submit(() -> watch(publisher, done));
                List<Future<?>> producers = new ArrayList<>();
                for (int i = 0; i < PRODUCERS; i++) {
                    int number = i;
                    producers.add(threads.submit(() -> produce(publisher, number)));
                }
                for (Future<?> producer : producers) {
                    producer.get();
                }
                publisher.close();
                done.set(true);
                watch.get();
            }
            elsewhere.shutdown();
            verify(publisher);
        }

        private void produce(BatchingPublisher<String, Entry> publisher, int number) {
            for (int i = 1; i <= ENTRIES; i++) {
                if (!publisher.offer("key " + number + "/" + i % KEYS, new Entry(i))) {
                    refused.incrementAndGet();
                }
                offered.incrementAndGet();
            }
        }

        /** An entry may be seen twice while it moves on, and is never out of sight. */
        private void watch(BatchingPublisher<String, Entry> publisher, AtomicBoolean done) {
            while (!done.get()) {
                long before = offered.get();
                long held = publisher.held();
                assertThat(held + count("published") + count("dropped")).isGreaterThanOrEqualTo(before);
                Thread.onSpinWait();
            }
        }

        private BatchSink<String, Entry> sink(long seed) {
            Random own = new Random(seed);
            return (key, entries) -> {
                if (entries.size() > mostEntries) {
                    return CompletableFuture.failedFuture(Unencodable.oversize());
                }
                if (!entries.stream().allMatch(Entry::encodable)) {
                    throw new IllegalArgumentException("pretended");
                }
                boolean fails = own.nextInt(100) < percentFailing;
                Runnable work = () -> {
                    if (fails) {
                        throw new PublishFailedException("pretended");
                    }
                    confirmed
                            .computeIfAbsent(key, unseen -> new ConcurrentLinkedQueue<>())
                            .addAll(entries);
                };
                return CompletableFuture.runAsync(work, own.nextBoolean() ? elsewhere : Runnable::run);
            };
        }

        private void verify(BatchingPublisher<String, Entry> publisher) {
            assertThat(publisher.held()).as("held after %s", limits).isZero();
            assertThat(count("published") + count("dropped")).isEqualTo(offered.get());
            assertThat(confirmed.values().stream()
                            .mapToLong(ConcurrentLinkedQueue::size)
                            .sum())
                    .isEqualTo(count("published"));
            assertThat(count("dropped")).isGreaterThanOrEqualTo(refused.get());
            confirmed.values().forEach(Round::isAscending);
        }

        private static void isAscending(Iterable<Entry> entries) {
            long last = 0;
            for (Entry entry : entries) {
                assertThat(entry.sequence()).isGreaterThan(last);
                last = entry.sequence();
            }
        }

        private long count(String what) {
            return (long) meters.counter("sluice.kafka.batch." + what, "publisher", "test")
                    .count();
        }
    }
}
