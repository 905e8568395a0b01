package dev.sluice.starter.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueWrapper;

/** A cache answers as a map does whose entries end, with outages in which changes are not made. */
class SluiceCachePropertyTest {

    private static final Duration TTL = Caches.AN_HOUR.fresh();

    private record Kept(@Nullable Object value, Instant end) {}

    private final FakeClock clock = FakeClock.fixed();
    private final FaultyStore store = new FaultyStore(Caches.store(clock));
    private final SluiceCache cache = Caches.over(store, Caches.rules());
    private final Map<Object, Kept> map = new HashMap<>();
    private final RandomGenerator random = Randomness.seeded();

    @Test
    void answersAsAMapDoes() {
        for (int step = 0; step < 20_000; step++) {
            Object key = "k" + random.nextInt(5);
            map.values().removeIf(kept -> !kept.end().isAfter(clock.instant()));
            step(key, random.nextInt(4) == 0 ? null : random.nextInt(100));
        }
    }

    private void step(Object key, @Nullable Object value) {
        switch (random.nextInt(10)) {
            case 0, 1 -> assertFound(key, cache.get(key));
            case 2 -> {
                cache.put(key, value);
                put(key, value);
            }
            case 3 -> {
                ValueWrapper present = cache.putIfAbsent(key, value);
                if (map.containsKey(key)) {
                    assertFound(key, present);
                } else {
                    assertThat(present).isNull();
                    put(key, value);
                }
            }
            case 4 -> {
                Object loaded = cache.get(key, () -> value);
                assertLoaded(key, loaded, value);
            }
            case 5 -> {
                Object loaded = cache.retrieve(key, () -> CompletableFuture.completedFuture(value))
                        .join();
                assertLoaded(key, loaded, value);
            }
            case 6 -> {
                boolean existed = cache.evictIfPresent(key);
                assertThat(existed).isEqualTo(!store.away && map.containsKey(key));
                map.remove(key);
            }
            case 7 -> {
                if (random.nextInt(5) == 0) {
                    cache.clear();
                    map.clear();
                }
            }
            case 8 -> clock.advance(Duration.ofMinutes(random.nextInt(20)));
            default -> outage();
        }
    }

    /** Only in it is anything owed, and then what was changed is not there. */
    private void outage() {
        if (!store.away && random.nextInt(4) == 0) {
            store.away = true;
            for (int i = random.nextInt(6); i >= 0; i--) {
                Object key = "k" + random.nextInt(5);
                cache.evict(key);
                map.remove(key);
                assertThat(cache.get(key)).isNull();
            }
            store.away = false;
            cache.payDebts().block();
            assertThat(cache.owed()).isZero();
        }
    }

    private void put(Object key, @Nullable Object value) {
        map.put(key, new Kept(value, clock.instant().plus(TTL)));
    }

    private void assertLoaded(Object key, @Nullable Object loaded, @Nullable Object value) {
        Kept kept = map.get(key);
        assertThat(loaded).isEqualTo(kept == null ? value : kept.value());
        if (kept == null) {
            put(key, value);
        }
    }

    private void assertFound(Object key, @Nullable ValueWrapper found) {
        Kept kept = map.get(key);
        assertThat(found == null).isEqualTo(kept == null);
        if (kept != null && found != null) {
            assertThat(found.get()).isEqualTo(kept.value());
        }
    }
}
