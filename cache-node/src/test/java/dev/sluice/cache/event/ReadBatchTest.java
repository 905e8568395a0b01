package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.event.ReadBuffer.Dimension;
import dev.sluice.cache.event.ReadChunk.WallClock;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.MissClass;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadBatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.000001Z");
    /** Of a ticker that is about to start at the bottom again. */
    private static final long TICKS = Long.MAX_VALUE - 500;

    private static final WallClock CLOCK = new WallClock(ChronoUnit.MICROS.between(Instant.EPOCH, START), TICKS);

    @Test
    void putsReadsOfAllChunksInTheOrderInWhichTheyEndedAndCountsFromTheFirst() {
        ReadChunk one = new ReadChunk(4, CLOCK);
        assertThat(one.add(ticks(2_000_000), ReadOutcome.MISS, 20, 0, 2)).isTrue();
        ReadChunk other = new ReadChunk(1, CLOCK);
        assertThat(other.add(ticks(700), ReadOutcome.L1_HIT, 10, 5, 1)).isTrue();
        assertThat(other.add(ticks(800), ReadOutcome.L1_HIT, 10, 5, 1))
                .as("full")
                .isFalse();
        CacheReadBatch batch = ReadBatch.of(new Dimension("acme", "feed", "user:*"), "node-1", List.of(one, other));
        assertThat(batch.getFirstAt()).isEqualTo(START);
        assertThat(batch.getEntries())
                .containsExactly(read(0, CacheOutcome.L1_HIT, 10, 5, 1), read(2_000, CacheOutcome.MISS, 20, 0, 2));
        assertThat(batch.getPattern()).isEqualTo("user:*");
        assertThat(batch.getNode()).isEqualTo("node-1");
    }

    @Test
    void everyOutcomeAndTheLargestSizeStandOnTheLogAsTheyAre() {
        for (ReadOutcome outcome : ReadOutcome.values()) {
            ReadChunk chunk = new ReadChunk(1, CLOCK);
            assertThat(chunk.add(TICKS, outcome, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MIN_VALUE))
                    .isTrue();
            assertThat(ReadBatch.of(new Dimension("t", "n", "p"), "node", List.of(chunk))
                            .getEntries())
                    .containsExactly(read(
                            0,
                            CacheOutcome.valueOf(outcome.name()),
                            Long.MAX_VALUE,
                            Integer.MAX_VALUE,
                            Long.MIN_VALUE));
        }
    }

    @Test
    void whyAReadMissedAndWhatItsValueCostStandOnTheLogAsTheyAre() {
        for (MissClass why : MissClass.values()) {
            ReadChunk chunk = new ReadChunk(2, CLOCK);
            assertThat(chunk.add(TICKS, 5, 6, ReadChunk.told(ReadOutcome.ERROR, Integer.MAX_VALUE, why, 67_108_863)))
                    .isTrue();
            assertThat(chunk.add(TICKS, 5, 6, ReadChunk.told(ReadOutcome.L1_HIT, 0, why, Long.MAX_VALUE)))
                    .isTrue();
            assertThat(ReadBatch.of(new Dimension("t", "n", "p"), "node", List.of(chunk))
                            .getEntries())
                    .extracting(
                            CacheRead::getOutcome,
                            CacheRead::getSizeBytes,
                            CacheRead::getMissClass,
                            CacheRead::getLoadMicros)
                    .containsExactly(
                            tuple(CacheOutcome.ERROR, (long) Integer.MAX_VALUE, why, 67_108_863L),
                            tuple(CacheOutcome.L1_HIT, 0L, why, 67_108_863L));
        }
    }

    @Test
    void keyNamesTenantNamespaceAndPattern() {
        assertThat(new Dimension("acme", "feed", "user:*").recordKey()).isEqualTo("acme|feed|user:*");
    }

    @SuppressWarnings("ConstantOverflow") // is what is meant
    private static long ticks(long nanos) {
        return TICKS + nanos;
    }

    private static CacheRead read(long offsetMicros, CacheOutcome outcome, long latency, long size, long hash) {
        return CacheRead.newBuilder()
                .setOffsetMicros(offsetMicros)
                .setOutcome(outcome)
                .setLatencyNanos(latency)
                .setSizeBytes(size)
                .setKeyHash(hash)
                .setMissClass(MissClass.UNKNOWN)
                .build();
    }
}
