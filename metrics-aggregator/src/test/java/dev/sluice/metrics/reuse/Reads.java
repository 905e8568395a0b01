package dev.sluice.metrics.reuse;

import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Reads as the log has them. */
final class Reads {
    private static final List<CacheOutcome> OUTCOMES = List.of(CacheOutcome.values());
    private static final List<MissClass> CLASSES = List.of(MissClass.values());

    private Reads() {}

    static CacheRead of(long keyHash, CacheOutcome outcome, MissClass missClass, Duration offset) {
        return CacheRead.newBuilder()
                .setOffsetMicros(offset.toNanos() / 1000)
                .setOutcome(outcome)
                .setLatencyNanos(1000)
                .setSizeBytes(100)
                .setKeyHash(keyHash)
                .setMissClass(missClass)
                .build();
    }

    static CacheRead random(Random random) {
        return of(
                Workloads.keyOf(random.nextInt(500)),
                OUTCOMES.get(random.nextInt(OUTCOMES.size())),
                CLASSES.get(random.nextInt(CLASSES.size())),
                Duration.ZERO);
    }
}
