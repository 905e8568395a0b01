package dev.sluice.metrics.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import dev.sluice.record.CacheOutcome;
import dev.sluice.record.CacheRead;
import dev.sluice.record.MissClass;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheAdviceTest {
    private static final List<MissClass> EVERY_CLASS = List.of(MissClass.values());

    private final CacheTally tally = new CacheTally();
    private final Random random = new Random(1);

    @Test
    void keysThatAreReadOnceAreTooVaried() {
        for (int i = 0; i < 100; i++) {
            tally.add(ReadOutcome.MISS, 1, 1, random.nextLong());
        }
        CacheAdvice advice = CacheAdvice.of("search", "q:*", tally);
        assertThat(advice.basis()).isEqualTo("measured");
        assertThat(advice.recommendation()).contains("too varied").contains("in 100 reads");
    }

    @Test
    void aFewKeysThatAreMissedAgainAndAgainLiveTooShort() {
        long[] keys = random.longs(10).toArray();
        for (int i = 0; i < 100; i++) {
            tally.add(i % 5 == 0 ? ReadOutcome.L1_HIT : ReadOutcome.MISS, 1, 1, keys[i % 10]);
        }
        CacheAdvice advice = CacheAdvice.of("users", "user:*", tally);
        assertThat(advice.basis()).isEqualTo("measured");
        assertThat(advice.recommendation())
                .contains("About 10 keys were missed 8.0 times each")
                .contains("longer TTL");
    }

    @Test
    void errorsComeFirst() {
        for (int i = 0; i < 100; i++) {
            tally.add(i < 10 ? ReadOutcome.ERROR : ReadOutcome.MISS, 1, 1, i % 2);
        }
        assertThat(CacheAdvice.of("feed", "feed:*", tally).recommendation()).contains("10 % of 100 reads failed");
    }

    @ParameterizedTest
    @CsvSource({
        "COLD, nobody had put before",
        "EXPIRED, longer TTL",
        "EVICTED, too little memory",
        "INVALIDATED, review what invalidates them",
    })
    void whatMostMissesAreOfDecides(MissClass why, String advice) {
        for (int i = 0; i < 100; i++) {
            tally.add(CacheRead.newBuilder()
                    .setOffsetMicros(0)
                    .setOutcome(CacheOutcome.MISS)
                    .setLatencyNanos(1)
                    .setSizeBytes(0)
                    .setKeyHash(i % 50)
                    .setMissClass(i < 30 ? MissClass.UNKNOWN : i < 60 ? EVERY_CLASS.get(i % 4) : why)
                    .build());
        }
        assertThat(CacheAdvice.of("x", "y", tally).recommendation())
                .contains("% of 70 misses were")
                .contains(advice);
    }

    @ParameterizedTest
    @CsvSource({
        "home, feed:*, 10 minutes instead of 5",
        "search, q:*, broader",
        "shop, product:*:price, review what invalidates",
        "users, *, an hour or more",
        "x, y, longer than the usual time",
    })
    void whereLittleIsKnownTheFamilyDecides(String namespace, String pattern, String advice) {
        tally.add(ReadOutcome.MISS, 1, 1, 1);
        assertThat(CacheAdvice.of(namespace, pattern, tally))
                .satisfies(general -> assertThat(general.recommendation()).contains(advice))
                .satisfies(general -> assertThat(general.basis()).isEqualTo("general"));
    }
}
