package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.event.ReadBuffer.Dimension;
import dev.sluice.cache.event.ReadChunk.WallClock;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.CacheRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** However threads add and another takes: every read is taken once, whole. */
class ReadBufferPropertyTest {
    private static final int ROUNDS = 20;
    private static final int PRODUCERS = 4;
    private static final int READS = 20_000;

    private final Random random = Randomness.seeded();

    @Test
    void everyReadIsTakenOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<CacheRead> taken = play(1 + random.nextInt(PRODUCERS), 1 + random.nextInt(2_000));
            assertThat(taken.stream().mapToLong(CacheRead::getKeyHash).sorted())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, taken.size()).boxed().toList());
            assertThat(taken)
                    .allMatch(read -> read.getLatencyNanos() == read.getKeyHash()
                            && read.getSizeBytes() == read.getKeyHash()
                            && read.getOffsetMicros() == read.getKeyHash());
        }
    }

    private List<CacheRead> play(int producers, int spinsBetweenTakes) throws Exception {
        Gathered gathered = new Gathered();
        ReadBuffer buffer = new ReadBuffer(new Dimension("t", "n", "p"), gathered);
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(producers + 1)) {
            Future<?> taker = threads.submit(() -> {
                while (!done.get()) {
                    gathered.takeBegun();
                    for (int i = 0; i < spinsBetweenTakes; i++) {
                        Thread.onSpinWait();
                    }
                }
            });
            List<Future<?>> adding = new ArrayList<>();
            for (int producer = 0; producer < producers; producer++) {
                long first = (long) producer * READS;
                adding.add(threads.submit(() -> {
                    for (int i = 1; i <= READS; i++) {
                        long number = first + i;
                        buffer.add(1000 * number, ReadOutcome.L1_HIT, number, number, number);
                    }
                }));
            }
            for (Future<?> one : adding) {
                one.get();
            }
            done.set(true);
            taker.get();
        }
        gathered.takeBegun();
        List<CacheRead> all = new ArrayList<>();
        for (ReadChunk chunk : gathered.chunks) {
            chunk.seal();
            chunk.addTo(all);
        }
        assertThat(all).hasSize(producers * READS);
        return all;
    }

    private static final class Gathered implements ReadBuffer.Outlet {
        private final Queue<ReadBuffer> begun = new ConcurrentLinkedQueue<>();
        private final Queue<ReadChunk> chunks = new ConcurrentLinkedQueue<>();

        void takeBegun() {
            for (ReadBuffer next = begun.poll(); next != null; next = begun.poll()) {
                chunks.add(next.take());
            }
        }

        @Override
        public WallClock wallClock() {
            return new WallClock(0, 0);
        }

        @Override
        public void begun(ReadBuffer buffer) {
            begun.add(buffer);
        }

        @Override
        public void full(Dimension dimension, ReadChunk chunk) {
            assertThat(chunk.size()).isEqualTo(chunk.capacity());
            chunks.add(chunk);
        }
    }
}
