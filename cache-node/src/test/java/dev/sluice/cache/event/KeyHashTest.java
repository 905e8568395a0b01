package dev.sluice.cache.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.CacheKey;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyHashTest {

    /** The figure was computed by another program from the description. */
    @Test
    void neverChanges() {
        assertThat(KeyHash.of(new CacheKey("acme", "feed", "user:42"))).isEqualTo(3446248224322522275L);
    }

    @Test
    void partsAreNotInterchangeable() {
        assertThat(KeyHash.of(new CacheKey("a", "bc", "d")))
                .isNotEqualTo(KeyHash.of(new CacheKey("ab", "c", "d")))
                .isNotEqualTo(KeyHash.of(new CacheKey("a", "b", "cd")));
    }

    @Test
    void isSpreadOverAllBits() {
        Set<Long> high = new HashSet<>();
        Set<Long> low = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            long hash = KeyHash.of(new CacheKey("acme", "feed", "user:" + i));
            high.add(hash >>> 52);
            low.add(hash & 0xfff);
        }
        // 10,000 draws from 4,096 leave 4096 * exp(-2.44) = 357 empty.
        assertThat(high.size()).isBetween(3_600, 3_880);
        assertThat(low.size()).isBetween(3_600, 3_880);
    }
}
