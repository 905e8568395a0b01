package dev.sluice.cache.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Keys and values for tests, and the way to wait for an answer. */
final class Samples {

    static final Duration HOUR = Duration.ofHours(1);
    static final Lifetime LIFE = Lifetime.of(HOUR);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Samples() {}

    /** Never the same twice. */
    static CacheKey newKey() {
        return new CacheKey("acme", "prices", "item-" + NEXT.incrementAndGet());
    }

    static CacheValue text(String text) {
        return CacheValue.of(text.getBytes(StandardCharsets.UTF_8), "text/plain");
    }

    static <T> T await(Mono<T> mono) {
        return mono.blockOptional(PATIENCE).orElseThrow(() -> new AssertionError("there was no value"));
    }

    /** Subscribes at once; the result may be awaited later. */
    static <T> Mono<T> begin(Mono<T> mono) {
        Mono<T> begun = mono.cache();
        begun.subscribe(ignored -> {}, ignored -> {});
        return begun;
    }
}
