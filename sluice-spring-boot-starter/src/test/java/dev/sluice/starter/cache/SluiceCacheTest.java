package dev.sluice.starter.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.platform.test.FakeClock;
import dev.sluice.starter.key.StableKeyText;
import dev.sluice.starter.node.CacheStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;
import reactor.core.scheduler.Schedulers;

class SluiceCacheTest {

    private final FakeClock clock = FakeClock.fixed();
    private final CacheStore store = Caches.store(clock);
    private final SluiceCache cache = Caches.over(store, Caches.rules());
    private final AtomicInteger loads = new AtomicInteger();

    record Thing(String name) {}

    @Test
    void whatIsPutIsThereUntilItIsEvicted() {
        assertThat(cache.get("k")).isNull();
        cache.put("k", new Thing("a"));
        assertThat(value("k")).isEqualTo(new Thing("a"));
        assertThat(cache.get("k", Thing.class)).isEqualTo(new Thing("a"));
        cache.put("k", new Thing("b"));
        assertThat(value("k")).isEqualTo(new Thing("b"));
        cache.evict("k");
        assertThat(cache.get("k")).isNull();
        assertThat(cache.get("k", Thing.class)).isNull();
    }

    @Test
    void whatIsOfAnotherTypeIsSaid() {
        cache.put("k", new Thing("a"));
        assertThatThrownBy(() -> cache.get("k", String.class)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nullIsAValue() {
        cache.put("k", null);
        ValueWrapper found = cache.get("k");
        assertThat(in(found)).isNull();
        assertThat(cache.<Object>get("k", failing())).isNull();
        ValueWrapper present = cache.putIfAbsent("k", "other");
        assertThat(in(present)).isNull();
        assertThat(cache.<Object>get("loaded", () -> null)).isNull();
        assertThat(cache.get("loaded")).isNotNull();
    }

    @Test
    void nullIsNoValueWhereItIsNotKept() {
        SluiceCache strict = Caches.over(store, Caches.withoutNulls());
        strict.put("k", "old");
        strict.put("k", null);
        assertThat(strict.get("k")).isNull();
        assertThat(strict.<Object>get("k", () -> null)).isNull();
        assertThat(strict.get("k")).isNull();
        assertThat(strict.tally().refused.sum()).isEqualTo(2);
    }

    @Test
    void putIfAbsentSaysWhatIsThere() {
        assertThat(cache.putIfAbsent("k", "first")).isNull();
        ValueWrapper present = cache.putIfAbsent("k", "second");
        assertThat(in(present)).isEqualTo("first");
        assertThat(value("k")).isEqualTo("first");
        assertThat(cache.evictIfPresent("k")).isTrue();
        assertThat(cache.evictIfPresent("k")).isFalse();
    }

    @Test
    void clearEmptiesTheCacheAndNoOther() {
        SluiceCache other = new SluiceCache(
                "others",
                store,
                new CacheRules(
                        "tenant", "others", Caches.AN_HOUR, true, 1000, Duration.ofMinutes(1), Duration.ofSeconds(30)),
                new StableKeyText(),
                Caches.codec());
        cache.put("a", 1);
        cache.put("b", 2);
        other.put("a", 3);
        cache.clear();
        assertThat(cache.get("a")).isNull();
        assertThat(cache.get("b")).isNull();
        assertThat(other.get("a")).isNotNull();
        cache.put("a", 4);
        assertThat(value("a")).isEqualTo(4);
        assertThat(cache.invalidate()).isFalse();
        assertThat(cache.get("a")).isNull();
    }

    @Test
    void aValueEnds() {
        cache.put("k", "v");
        clock.advance(Duration.ofHours(1));
        assertThat(cache.get("k")).isNull();
    }

    @Test
    void aLoaderIsCalledOnceOnItsCallersThread() {
        Thread caller = Thread.currentThread();
        assertThat(cache.get("k", () -> {
                    loads.incrementAndGet();
                    return Thread.currentThread().equals(caller);
                }))
                .isTrue();
        assertThat(cache.get("k", failing())).isEqualTo(true);
        assertThat(loads).hasValue(1);
    }

    @Test
    void whatALoaderThrowsIsWrapped() {
        IOException thrown = new IOException("no");
        assertThatThrownBy(() -> cache.get("k", () -> {
                    throw thrown;
                }))
                .isInstanceOf(ValueRetrievalException.class)
                .hasCause(thrown);
        assertThat(cache.get("k")).isNull();
        assertThat(cache.<Object>get("k", () -> "again")).isEqualTo("again");
    }

    @Test
    void valuesComeLaterToo() {
        assertThat(cache.retrieve("k")).isNull();
        assertThat(cache.retrieve("k", () -> CompletableFuture.supplyAsync(() -> new Thing("a")))
                        .join())
                .isEqualTo(new Thing("a"));
        CompletableFuture<?> found = Objects.requireNonNull(cache.retrieve("k"));
        assertThat(in((ValueWrapper) found.join())).isEqualTo(new Thing("a"));
        assertThat(cache.retrieve("none", () -> CompletableFuture.completedFuture(null))
                        .join())
                .isNull();
        CompletableFuture<?> none = Objects.requireNonNull(cache.retrieve("none"));
        assertThat(in((ValueWrapper) none.join())).isNull();
    }

    @Test
    void whatALoaderFailsWithLaterIsNotWrapped() {
        IOException thrown = new IOException("no");
        assertThatThrownBy(() -> cache.retrieve("k", () -> CompletableFuture.failedFuture(thrown))
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCause(thrown);
        assertThatThrownBy(() -> cache.retrieve("k", () -> {
                            throw new IllegalArgumentException("at once");
                        })
                        .join())
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeReadIsAMissAndMadeAnew() {
        store.put(
                        Caches.rules().key("k"),
                        CacheValue.of(new byte[] {'{'}, "application/json"),
                        Caches.AN_HOUR,
                        Condition.any())
                .block();
        assertThat(cache.get("k")).isNull();
        assertThat(cache.<Object>get("k", () -> "made")).isEqualTo("made");
        assertThat(value("k")).isEqualTo("made");
        assertThat(cache.tally().undecodable.sum()).isEqualTo(2);
        store.put(
                        Caches.rules().key("absent"),
                        CacheValue.of(new byte[] {'{'}, "application/json"),
                        Caches.AN_HOUR,
                        Condition.any())
                .block();
        assertThat(cache.putIfAbsent("absent", "put")).isNull();
        assertThat(value("absent")).isEqualTo("put");
    }

    @Test
    void whatCannotBeKeptIsAnsweredAndTheOldValueGoes() {
        cache.put("k", "old");
        cache.put("k", new byte[1001]);
        assertThat(cache.get("k")).isNull();
        assertThat(cache.<Object>get("k", Object::new)).isNotNull();
        assertThat(cache.get("k")).isNull();
        assertThat(cache.tally().refused.sum()).isEqualTo(2);
    }

    @Test
    void aStaleValueIsAnsweredWhileOneCallerMakesItAnew() {
        SluiceCache patient =
                Caches.over(store, Caches.with(Caches.AN_HOUR.withStaleWhileRevalidate(Duration.ofHours(1))));
        patient.put("k", "old");
        clock.advance(Duration.ofMinutes(90));
        // The first is to make it.
        assertThat(patient.get("k")).isNull();
        ValueWrapper stale = patient.get("k");
        assertThat(in(stale)).isEqualTo("old");
        patient.put("k", "new");
        assertThat(patient.get("k", String.class)).isEqualTo("new");
    }

    @Test
    void aStaleValueIsAnsweredWhenMakingItAnewFails() {
        Lifetime lifetime = Caches.AN_HOUR.withStaleIfError(Duration.ofHours(1));
        SluiceCache careful = Caches.over(store, Caches.with(lifetime));
        careful.put("k", "old");
        clock.advance(Duration.ofMinutes(90));
        assertThat(careful.<Object>get("k", failing())).isEqualTo("old");
    }

    @Test
    void threadsThatMustNotWaitAreToldSo() {
        CompletableFuture<Object> told = new CompletableFuture<>();
        var _ = Schedulers.parallel().schedule(() -> {
            try {
                told.complete(cache.<Object>get("k", () -> "v"));
            } catch (RuntimeException e) {
                told.complete(e);
            }
        });
        assertThat(told.join()).isInstanceOf(IllegalStateException.class);
    }

    private Object value(Object key) {
        return Objects.requireNonNull(in(cache.get(key)));
    }

    private static @Nullable Object in(@Nullable ValueWrapper found) {
        return Objects.requireNonNull(found).get();
    }

    private static Callable<Object> failing() {
        return () -> {
            throw new IOException("not to be called, or to fail");
        };
    }
}
