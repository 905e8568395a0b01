package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.event.ReadChunk.WallClock;
import dev.sluice.record.CacheRead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a chunk holds once it is sealed. */
class ReadChunkTest {

    private static final int ROUNDS = 200;

    private final ReadChunk chunk = new ReadChunk(4, new WallClock(0, 0));

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void sealingTwiceDoesWhatOnceDoes() {
        assertThat(add(chunk, 1)).isTrue();
        chunk.seal();
        chunk.seal();

        assertThat(add(chunk, 2)).isFalse();
        assertThat(hashes(chunk)).containsExactly(1L);
    }

    @Test
    void whatComesAfterTheSealOrTheLastPlaceIsRefused() {
        for (long hash = 1; hash <= 4; hash++) {
            assertThat(add(chunk, hash)).isTrue();
        }
        assertThat(add(chunk, 5)).isFalse();
        chunk.seal();

        assertThat(hashes(chunk)).containsExactly(1L, 2L, 3L, 4L);
    }

    /** Who seals finds a place claimed by somebody whom the system has stopped before the read was written. */
    @Test
    void sealingWaitsForWhatIsBeingWritten() throws Exception {
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                ReadChunk slow = new ReadChunk(4, new WallClock(0, 0));
                assertThat(add(slow, 1)).isTrue();
                int place = slow.claim();
                Future<List<Long>> sealed = threads.submit(() -> {
                    slow.seal();
                    return hashes(slow);
                });
                while (!slow.isClosed()) {
                    Thread.onSpinWait();
                }
                for (int turn = 0; turn < 10_000; turn++) {
                    Thread.onSpinWait();
                }
                slow.write(place, 0, 0, 2, ReadChunk.told(ReadOutcome.L1_HIT, 0));

                assertThat(sealed.get()).containsExactly(1L, 2L);
            }
        }
    }

    private static boolean add(ReadChunk to, long hash) {
        return to.add(0, ReadOutcome.L1_HIT, 0, 0, hash);
    }

    private static List<Long> hashes(ReadChunk of) {
        List<CacheRead> reads = new ArrayList<>();
        of.addTo(reads);
        return reads.stream().map(CacheRead::getKeyHash).toList();
    }
}
