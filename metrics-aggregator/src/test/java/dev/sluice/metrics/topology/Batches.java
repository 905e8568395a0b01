package dev.sluice.metrics.topology;

import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.CacheReadBatch;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Batches of reads for tests. */
public final class Batches {
    private static final List<CacheOutcome> OUTCOMES = List.of(CacheOutcome.values());
    private static final List<MissClass> CLASSES = List.of(MissClass.values());

    private Batches() {}

    public static CacheReadBatch of(String tenant, String namespace, String pattern, Instant at, CacheRead... reads) {
        return batch(tenant, namespace, pattern, at, List.of(reads));
    }

    public static CacheRead read(CacheOutcome outcome, Duration latency, long sizeBytes) {
        return read(Duration.ZERO, outcome, latency.toNanos(), sizeBytes);
    }

    public static CacheRead read(Duration offset, CacheOutcome outcome, long latencyNanos, long sizeBytes) {
        return CacheRead.newBuilder()
                .setOffsetMicros(offset.toNanos() / 1000)
                .setOutcome(outcome)
                .setLatencyNanos(latencyNanos)
                .setSizeBytes(sizeBytes)
                .setKeyHash(1)
                .setMissClass(MissClass.UNKNOWN)
                .build();
    }

    /** One to sixty reads over up to two seconds. */
    public static CacheReadBatch random(String tenant, String namespace, String pattern, Instant at, Random random) {
        List<CacheRead> reads = new ArrayList<>();
        int count = 1 + random.nextInt(60);
        for (int i = 0; i < count; i++) {
            CacheRead read = read(
                    Duration.ofMillis(random.nextInt(2000)),
                    OUTCOMES.get(random.nextInt(OUTCOMES.size())),
                    (long) Math.exp(random.nextDouble(8, 19)),
                    random.nextLong(100_000));
            read.setMissClass(CLASSES.get(random.nextInt(CLASSES.size())));
            read.setLoadMicros(random.nextBoolean() ? 0 : random.nextLong(100_000));
            read.setKeyHash((long) (Math.pow(random.nextDouble(), 4) * 200));
            reads.add(read);
        }
        return batch(tenant, namespace, pattern, at, reads);
    }

    private static CacheReadBatch batch(
            String tenant, String namespace, String pattern, Instant at, List<CacheRead> reads) {
        return CacheReadBatch.newBuilder()
                .setTenant(tenant)
                .setNamespace(namespace)
                .setPattern(pattern)
                .setNode("node-1")
                .setFirstAt(at)
                .setEntries(reads)
                .build();
    }
}
