package dev.sluice.metrics.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.ladder.KeyRange;
import org.junit.jupiter.api.Test;

class CacheDimensionTest {
    @Test
    void comesBackFromItsStoreKey() {
        CacheDimension dimension = new CacheDimension("acme", "feed", "user:*|page:*");
        assertThat(CacheDimension.ofStoreKey(dimension.storeKey())).isEqualTo(dimension);
    }

    @Test
    void theRangeOfATenantHoldsAllOfItsKeysAndNobodyElses() {
        KeyRange range = CacheDimension.rangeOf("acme");
        assertThat(contains(range, new CacheDimension("acme", "a", "b"))).isTrue();
        assertThat(contains(range, new CacheDimension("acme", "\uffff", "\uffff")))
                .isTrue();
        assertThat(contains(range, new CacheDimension("acme2", "a", "b"))).isFalse();
        assertThat(contains(range, new CacheDimension("acm", "e", "b"))).isFalse();
    }

    @Test
    void theRangeOfANamespaceLeavesOutThoseItIsAPrefixOf() {
        KeyRange range = CacheDimension.rangeOf("acme", "feed");
        assertThat(contains(range, new CacheDimension("acme", "feed", "x"))).isTrue();
        assertThat(contains(range, new CacheDimension("acme", "feeds", "x"))).isFalse();
        assertThat(contains(range, new CacheDimension("acme", "fee", "x"))).isFalse();
    }

    @Test
    void refusesPartsThatWouldBreakTheKey() {
        assertThatThrownBy(() -> new CacheDimension("", "n", "p")).hasMessageContaining("tenant");
        assertThatThrownBy(() -> new CacheDimension("t", "n\u0000m", "p")).hasMessageContaining("namespace");
        assertThatThrownBy(() -> new CacheDimension("t", "n", "p".repeat(513)))
                .hasMessageContaining("pattern must have at most 512");
        assertThatThrownBy(() -> CacheDimension.ofStoreKey("no separator")).hasMessageContaining("three parts");
    }

    private static boolean contains(KeyRange range, CacheDimension dimension) {
        String key = dimension.storeKey();
        return key.compareTo(range.from()) >= 0 && key.compareTo(range.to()) <= 0;
    }
}
