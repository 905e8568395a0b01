package dev.sluice.starter.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.platform.test.FakeClock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Redis goes, the application stays, and no value comes back that was removed meanwhile. */
class OutageTest {

    private final FaultyStore store = new FaultyStore(Caches.store(FakeClock.fixed()));
    private final SluiceCache cache = Caches.over(store, Caches.rules());

    @Test
    void aRemovalThatIsNotMadeIsHiddenHereAndMadeLater() {
        cache.put("k", "old");
        store.away = true;
        cache.evict("k");
        assertThat(cache.evictIfPresent("k")).isFalse();
        assertThat(cache.get("k")).isNull();
        assertThat(cache.retrieve("k")).isNull();
        assertThat(cache.<Object>get("k", () -> "made")).isEqualTo("made");
        assertThat(cache.owed()).isEqualTo(1);
        cache.payDebts().block();
        assertThat(cache.owed()).isEqualTo(1);
        store.away = false;
        cache.payDebts().block();
        assertThat(cache.owed()).isZero();
        assertThat(cache.get("k")).isNull();
    }

    @Test
    void aPutThatIsNotMadeLeavesNoOldValueBehind() {
        cache.put("k", "old");
        store.away = true;
        cache.put("k", "new");
        assertThat(cache.get("k")).isNull();
        store.away = false;
        cache.payDebts().block();
        assertThat(cache.get("k")).isNull();
        assertThat(cache.tally().failed.sum()).isEqualTo(1);
    }

    @Test
    void aPutPaysWhatIsOwed() {
        store.away = true;
        cache.evict("k");
        store.away = false;
        cache.put("k", "new");
        assertThat(cache.owed()).isZero();
        cache.payDebts().block();
        assertThat(cache.get("k", String.class)).isEqualTo("new");
    }

    @Test
    void aPurgeThatIsNotMadeHidesTheWholeCacheUntilItIs() {
        cache.put("a", 1);
        cache.put("b", 2);
        store.away = true;
        cache.clear();
        assertThat(cache.get("a")).isNull();
        store.away = false;
        cache.payDebts().block();
        assertThat(cache.owed()).isZero();
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("b")).isNull();
        cache.put("b", 3);
        assertThat(cache.get("b", Integer.class)).isEqualTo(3);
    }

    /** Or it would be lost with this process; and others have copies. */
    @Test
    void othersAreToldOnceOfWhatIsOwed() {
        cache.put("k", "old");
        store.away = true;
        cache.evict("k");
        cache.put("p", "new");
        cache.clear();
        cache.payDebts().block();

        assertThat(store.renounced)
                .extracting(Purge::scopes)
                .containsExactly(
                        List.of(PurgeScope.key("k")),
                        List.of(PurgeScope.key("p")),
                        List.of(PurgeScope.wholeNamespace()));
        store.away = false;
        cache.payDebts().block();
        cache.evict("k");
        assertThat(store.renounced).hasSize(3);
    }

    @Test
    void tooManyRemovalsBecomeOneOfAll() {
        cache.put("kept", "old");
        store.away = true;
        for (int i = 0; i <= Debts.MAX_KEYS; i++) {
            cache.evict(i);
        }
        assertThat(cache.owed()).isEqualTo(1);
        assertThat(cache.get("kept")).isNull();
        store.away = false;
        cache.payDebts().block();
        assertThat(cache.owed()).isZero();
        assertThat(cache.get("kept")).isNull();
    }

    @Test
    void readsThatFailAreMisses() {
        store.broken = true;
        assertThat(cache.get("k")).isNull();
        assertThat(cache.<Object>get("k", () -> "made")).isEqualTo("made");
        assertThat(cache.retrieve("k")).isNull();
        assertThat(cache.putIfAbsent("k", "v")).isNull();
        assertThat(cache.tally().misses.sum()).isEqualTo(3);
    }
}
