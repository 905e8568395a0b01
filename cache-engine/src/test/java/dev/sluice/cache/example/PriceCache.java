package dev.sluice.cache.example;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.LoadPatience;
import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.TwoLevelCache;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

// README: begin
/** Prices of a shop, cached: an entry is found by tenant, namespace and key. */
final class PriceCache {

    private static final Lifetime LIFETIME = Lifetime.of(Duration.ofMinutes(5))
            .withStaleWhileRevalidate(Duration.ofMinutes(1))
            .withStaleIfError(Duration.ofHours(1));

    private final TwoLevelCache cache;

    PriceCache(TwoLevelCache cache) {
        this.cache = cache;
    }

    /** From the cache; what is not there is made once for all nodes, however many ask at the same time. */
    Mono<String> price(String article) {
        return cache.get(
                        key(article),
                        (key, stale) -> origin(article).map(price -> new Loaded(value(price), LIFETIME)),
                        LoadPatience.defaults())
                .mapNotNull(PriceCache::text);
    }

    /** Nobody reads the old price after this has completed. */
    Mono<PutResult> change(String article, String price) {
        return cache.put(key(article), value(price), LIFETIME, Condition.any());
    }

    /** All prices at once, in a time that does not depend on how many they are. */
    Mono<?> forgetAll() {
        return cache.purge(new Purge("shop", "prices", List.of(PurgeScope.tag("price")), false));
    }

    private static CacheKey key(String article) {
        return new CacheKey("shop", "prices", article);
    }

    private static CacheValue value(String price) {
        return CacheValue.of(price.getBytes(StandardCharsets.UTF_8), "text/plain")
                .withTags(List.of("price"));
    }

    private static String text(ReadResult result) {
        return result.entry()
                .map(entry -> new String(entry.value().bytes(), StandardCharsets.UTF_8))
                .orElse("unknown");
    }

    /** Stands for a slow database. */
    private static Mono<String> origin(String article) {
        return Mono.just("1.00 for " + article).delayElement(Duration.ofMillis(20));
    }
}
// README: end
