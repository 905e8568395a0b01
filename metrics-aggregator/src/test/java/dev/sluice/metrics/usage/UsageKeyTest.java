package dev.sluice.metrics.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.metrics.usage.UsageKey.Range;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageKeyTest {
    private static final List<String> TENANTS = List.of("a", "ab", "a b", "b");
    private static final List<String> KEYS = List.of("", "k", "k1", "k2");

    @Test
    void comesBackFromTheStoreAsItWas() {
        for (UsageKey key : all()) {
            assertThat(UsageKey.ofStoreKey(key.storeKey())).isEqualTo(key);
        }
    }

    @Test
    void aRangeHoldsTheTenantsOwnAndNothingElse() {
        for (String tenant : TENANTS) {
            Range range = UsageKey.rangeOf(tenant, UsageScale.DAYS);
            assertThat(all())
                    .allSatisfy(key -> assertThat(holds(range, key))
                            .isEqualTo(key.tenant().equals(tenant) && key.scale() == UsageScale.DAYS));
        }
    }

    @Test
    void aRangeOfOneKeyHoldsItsOwnAndNothingElse() {
        for (String keyId : KEYS) {
            Range range = UsageKey.rangeOf("a", UsageScale.MINUTES, keyId);
            assertThat(all())
                    .allSatisfy(key -> assertThat(holds(range, key))
                            .isEqualTo(key.tenant().equals("a")
                                    && key.scale() == UsageScale.MINUTES
                                    && key.keyId().equals(keyId)));
        }
    }

    @Test
    void pagesLieInTheOrderOfTime() {
        assertThat(new UsageKey("a", UsageScale.DAYS, "k", "g", 9).storeKey())
                .isLessThan(new UsageKey("a", UsageScale.DAYS, "k", "g", 10).storeKey());
    }

    @Test
    void refusesPartsThatWouldRunIntoEachOther() {
        assertThatThrownBy(() -> new UsageKey("a\u0000", UsageScale.DAYS, "k", "g", 1))
                .hasMessageContaining("tenant");
        assertThatThrownBy(() -> new UsageKey("", UsageScale.DAYS, "k", "g", 1)).hasMessageContaining("tenant");
        assertThatThrownBy(() -> new UsageKey("a", UsageScale.DAYS, "k\u0000", "g", 1))
                .hasMessageContaining("keyId");
        assertThatThrownBy(() -> new UsageKey("a", UsageScale.DAYS, "k", "", 1)).hasMessageContaining("group");
        assertThatThrownBy(() -> new UsageKey("a", UsageScale.DAYS, "k".repeat(513), "g", 1))
                .hasMessageContaining("keyId");
        assertThatThrownBy(() -> UsageKey.ofStoreKey("a\u0000m")).hasMessageContaining("parts");
    }

    private static boolean holds(Range range, UsageKey key) {
        return range.from().compareTo(key.storeKey()) <= 0 && range.to().compareTo(key.storeKey()) >= 0;
    }

    private static List<UsageKey> all() {
        List<UsageKey> all = new ArrayList<>();
        for (String tenant : TENANTS) {
            for (UsageScale scale : UsageScale.values()) {
                for (String keyId : KEYS) {
                    all.add(new UsageKey(tenant, scale, keyId, "charts", 24_312));
                    all.add(new UsageKey(tenant, scale, keyId, "events", 490_000));
                }
            }
        }
        return all;
    }
}
