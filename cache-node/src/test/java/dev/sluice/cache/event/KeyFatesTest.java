package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.record.MissClass;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeyFatesTest {
    private static final CacheKey KEY = key(0);
    private static final long NOW = 1_700_000_000_000_000L;
    private static final long NOW_MILLIS = NOW / 1000;

    private final KeyFates fates = new KeyFates(64);

    @Test
    void whatNobodyHasPutIsCold() {
        assertThat(missed(KEY)).isEqualTo(MissClass.COLD);
    }

    @Test
    void aReadThatMakesItsValueIsToldWhatWasThereBefore() {
        fates.stored(KEY, NOW - 100, NOW_MILLIS + 60_000);
        assertThat(fates.ofMiss(KEY, KeyHash.of(KEY), NOW - 100, NOW_MILLIS)).isEqualTo(MissClass.COLD);
        assertThat(fates.ofMiss(KEY, KeyHash.of(KEY), NOW - 99, NOW_MILLIS))
                .as("a read that began after the put and finds nothing")
                .isEqualTo(MissClass.EVICTED);
    }

    @Test
    void whatEndsWhenItIsIdleMayEndAsSoonAsThat() {
        CacheEntry entry = new CacheEntry(
                CacheValue.of(new byte[1], ""),
                NOW - 1,
                Instant.ofEpochMilli(NOW_MILLIS),
                Lifetime.of(Duration.ofHours(1)).withIdle(Duration.ofMinutes(1)),
                Duration.ZERO);
        assertThat(KeyFates.freshUntilMillis(entry)).isEqualTo(NOW_MILLIS + 60_000);
    }

    /** However many keys are changed, those that were changed last are remembered, and the others are as if they had never been there. */
    @Test
    void remembersTheLatestOfMoreThanItHasRoomFor() {
        int many = 10_000;
        for (int i = 0; i < many; i++) {
            fates.removed(key(i), NOW - many + i);
        }
        long remembered = 0;
        for (int i = 0; i < many; i++) {
            MissClass why = missed(key(i));
            assertThat(why).isIn(MissClass.COLD, MissClass.INVALIDATED);
            remembered += why == MissClass.INVALIDATED ? 1 : 0;
        }
        assertThat(remembered).isEqualTo(64);
        assertThat(missed(key(many - 1))).isEqualTo(MissClass.INVALIDATED);
    }

    @Test
    void aPurgeOfAnotherNamespaceOrBeforeThePutSaysNothing() {
        fates.stored(KEY, NOW - 100, NOW_MILLIS + 60_000);
        fates.purged("acme", "other", NOW - 50);
        fates.purged("acme", "feed", NOW - 150);
        assertThat(missed(KEY)).isEqualTo(MissClass.EVICTED);
        fates.purged("acme", "feed", NOW - 50);
        assertThat(missed(KEY)).isEqualTo(MissClass.INVALIDATED);
    }

    private MissClass missed(CacheKey key) {
        return fates.ofMiss(key, KeyHash.of(key), NOW, NOW_MILLIS);
    }

    private static CacheKey key(int number) {
        return new CacheKey("acme", "feed", "user:" + number);
    }
}
