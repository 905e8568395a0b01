package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.record.MissClass;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Random changes and misses, told once or twice and out of order, against one that remembers everything. The seed is the repetition. */
class KeyFatesPropertyTest {
    private static final int KEYS = 40;
    private static final long SECOND = 1_000_000;

    /** The last change of a key, and what a read just before it would have been told. */
    private record Change(long version, boolean stored, boolean known, long freshUntilMillis, MissClass before) {}

    private final Map<CacheKey, Change> changes = new HashMap<>();
    private final Map<String, Long> purges = new HashMap<>();
    private long nowMicros = 1_700_000_000L * SECOND;

    @RepeatedTest(30)
    void aMissIsToldWhatBecameOfItsValue(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        KeyFates fates = new KeyFates(100_000);
        Map<MissClass, Integer> told = new HashMap<>();
        for (int step = 0; step < 5_000; step++) {
            nowMicros += 1 + random.nextLong(5 * SECOND);
            CacheKey key = new CacheKey("acme", "n" + random.nextInt(2), "k" + random.nextInt(KEYS));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    long version = nowMicros - (random.nextInt(4) == 0 ? random.nextLong(20 * SECOND) : 0);
                    long freshUntil = version / 1000 + 1 + random.nextInt(60_000);
                    fates.stored(key, version, freshUntil);
                    change(key, version, true, true, freshUntil);
                    fates.stored(key, version, freshUntil + 1);
                }
                case 3 -> {
                    fates.removed(key, nowMicros);
                    change(key, nowMicros, false, true, 0);
                }
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        fates.purged(key.tenant(), key.namespace(), nowMicros);
                        purges.put(key.namespace(), nowMicros);
                    } else {
                        fates.changed(key, nowMicros);
                        change(key, nowMicros, false, false, 0);
                    }
                }
                default -> {
                    long begun = nowMicros - random.nextLong(2 * SECOND);
                    MissClass expected = expected(key, begun);
                    assertThat(fates.ofMiss(key, KeyHash.of(key), begun, nowMicros / 1000))
                            .as("step %d", step)
                            .isEqualTo(expected);
                    told.merge(expected, 1, Integer::sum);
                }
            }
        }
        assertThat(told).as("every answer was given").containsOnlyKeys(MissClass.values());
    }

    private void change(CacheKey key, long version, boolean stored, boolean known, long freshUntilMillis) {
        Change last = changes.get(key);
        if (last == null || last.version() < version) {
            changes.put(key, new Change(version, stored, known, freshUntilMillis, fate(key, last, version / 1000)));
        }
    }

    private MissClass expected(CacheKey key, long begun) {
        Change last = changes.get(key);
        return last != null && last.version() >= begun ? last.before() : fate(key, last, nowMicros / 1000);
    }

    private MissClass fate(CacheKey key, @Nullable Change last, long atMillis) {
        if (last == null) {
            return MissClass.COLD;
        }
        if (!last.known()) {
            return MissClass.UNKNOWN;
        }
        if (!last.stored()) {
            return MissClass.INVALIDATED;
        }
        if (atMillis + 1000 >= last.freshUntilMillis()) {
            return MissClass.EXPIRED;
        }
        return purges.getOrDefault(key.namespace(), 0L) > last.version() ? MissClass.INVALIDATED : MissClass.EVICTED;
    }
}
