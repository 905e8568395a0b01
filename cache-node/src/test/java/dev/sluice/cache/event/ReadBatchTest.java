package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.event.ReadPublisher.Dimension;
import dev.sluice.cache.event.ReadPublisher.Read;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadBatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.000001700Z");

    @Test
    void putsReadsInTheOrderInWhichTheyEndedAndCountsFromTheFirst() {
        CacheReadBatch batch = ReadPublisher.batchOf(
                new Dimension("acme", "feed", "user:*"),
                "node-1",
                List.of(
                        new Read(START.plusNanos(2_000_000), CacheOutcome.MISS, 20, 0, 2),
                        new Read(START, CacheOutcome.L1_HIT, 10, 5, 1)));
        assertThat(batch.getFirstAt()).isEqualTo(Instant.parse("2026-01-01T00:00:00.000001Z"));
        assertThat(batch.getEntries())
                .containsExactly(read(0, CacheOutcome.L1_HIT, 10, 5, 1), read(2_000, CacheOutcome.MISS, 20, 0, 2));
        assertThat(batch.getPattern()).isEqualTo("user:*");
        assertThat(batch.getNode()).isEqualTo("node-1");
    }

    @Test
    void keyNamesTenantNamespaceAndPattern() {
        assertThat(new Dimension("acme", "feed", "user:*").recordKey()).isEqualTo("acme|feed|user:*");
    }

    private static CacheRead read(long offsetMicros, CacheOutcome outcome, long latency, long size, long hash) {
        return CacheRead.newBuilder()
                .setOffsetMicros(offsetMicros)
                .setOutcome(outcome)
                .setLatencyNanos(latency)
                .setSizeBytes(size)
                .setKeyHash(hash)
                .build();
    }
}
