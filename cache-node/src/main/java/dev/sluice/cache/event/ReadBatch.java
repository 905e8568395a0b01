package dev.sluice.cache.event;

import dev.sluice.cache.event.ReadBuffer.Dimension;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes of reads what stands on the log. */
final class ReadBatch {

    /** Bits of a read's place among those of a batch. */
    private static final int PLACE_BITS = 20;

    private ReadBatch() {}

    /** Threads race to a chunk, so the reads are put in the order in which they ended. Seals the chunks. */
    static CacheReadBatch of(Dimension dimension, String node, List<ReadChunk> chunks) {
        List<CacheRead> reads = new ArrayList<>();
        for (ReadChunk chunk : chunks) {
            chunk.seal();
            chunk.addTo(reads);
        }
        long first = reads.stream().mapToLong(CacheRead::getOffsetMicros).min().orElseThrow();
        return CacheReadBatch.newBuilder()
                .setTenant(dimension.tenant())
                .setNamespace(dimension.namespace())
                .setPattern(dimension.pattern())
                .setNode(node)
                .setFirstAt(Instant.EPOCH.plus(first, ChronoUnit.MICROS))
                .setEntries(inOrder(reads, first))
                .build();
    }

    /** From times since 1970 to times since the first. */
    private static List<CacheRead> inOrder(List<CacheRead> reads, long first) {
        long[] order = new long[reads.size()];
        for (int place = 0; place < order.length; place++) {
            CacheRead read = reads.get(place);
            read.setOffsetMicros(read.getOffsetMicros() - first);
            order[place] = read.getOffsetMicros() << PLACE_BITS | place;
        }
        // They nearly are in order.
        Arrays.sort(order);
        List<CacheRead> ordered = new ArrayList<>(order.length);
        for (long next : order) {
            ordered.add(reads.get((int) next & ((1 << PLACE_BITS) - 1)));
        }
        return ordered;
    }
}
