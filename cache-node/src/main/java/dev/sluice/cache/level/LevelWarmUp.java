package dev.sluice.cache.level;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheSettings;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Condition;
import dev.sluice.cache.engine.Purge;
import dev.sluice.cache.engine.PurgeScope;
import dev.sluice.cache.engine.PutResult;
import dev.sluice.cache.engine.SecondLevel;
import dev.sluice.cache.engine.StaleReads;
import dev.sluice.cache.engine.TooManyPurgesException;
import dev.sluice.cache.engine.TwoLevelCache;
import dev.sluice.cache.engine.WriteIntents.Intent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Puts and reads before the first one comes. Connecting, loading the scripts and the classes, and the first calls of code that
 * was never compiled take longer than a request may wait for Redis: the first batch of a node would be answered 503 in
 * part. It is done with a cache of its own, which counts, publishes and announces nothing, under keys of nobody, which are taken
 * out again. Without Redis the start goes on.
 */
public final class LevelWarmUp {

    /** Without Redis the start takes so much longer. */
    private static final Duration TO_CONNECT = Duration.ofSeconds(3);

    private static final Duration MOST = Duration.ofSeconds(10);

    /** Of a batch that begins later, some of it might be left behind. */
    private static final Duration ENOUGH = Duration.ofSeconds(4);

    /** No tenant is named so. */
    private static final String NOBODY = "sluice";

    /** As large as batches are. */
    private static final int BATCH = 100;

    private static final int BATCHES = 5;

    /** More scopes than a tenant may have, so that it is refused. */
    private static final Purge REFUSED = new Purge(
            NOBODY,
            "warm-up",
            IntStream.rangeClosed(0, 1000)
                    .mapToObj(scope -> PurgeScope.tag("tag-" + scope))
                    .toList(),
            false);

    private static final int MAX_BYTES = 1024 * 1024;
    private static final CacheValue VALUE =
            CacheValue.of("{\"warm\":\"up\"}".repeat(256).getBytes(StandardCharsets.UTF_8), "application/json");

    private final SecondLevel second;
    private final Function<Intent, Mono<Boolean>> fulfilled;

    /** @param fulfilled says of a change that nobody need be told of it */
    public LevelWarmUp(SecondLevel second, Function<Intent, Mono<Boolean>> fulfilled) {
        this.second = second;
        this.fulfilled = fulfilled;
    }

    /** Returns when it is done, or takes too long. */
    public void run() {
        CacheSettings patient =
                CacheSettings.defaults().withSecondLevelDeadline(MOST).withFirstLevelMaxBytes(MAX_BYTES);
        try (TwoLevelCache cache =
                TwoLevelCache.builder(patient).secondLevel(second).build()) {
            connect()
                    .timeout(TO_CONNECT)
                    .then(batches(cache))
                    .timeout(MOST)
                    .onErrorComplete()
                    .block();
        }
    }

    private Mono<?> connect() {
        CacheKey key = key("connect");
        return second.fetch(key)
                .then(second.purge(REFUSED).onErrorComplete(TooManyPurgesException.class))
                .then(second.delete(key, Condition.any()))
                .flatMap(deleted -> fulfilled.apply(new Intent(key, deleted.version())));
    }

    private Mono<Void> batches(TwoLevelCache cache) {
        return Flux.range(0, BATCHES)
                .concatMap(batch -> Flux.range(0, BATCH)
                        .flatMap(item -> once(cache, key("item-" + item)), BATCH)
                        .then(Mono.just(batch)))
                .timed()
                .takeUntil(batch -> batch.elapsedSinceSubscription().compareTo(ENOUGH) > 0)
                .then();
    }

    private Mono<Boolean> once(TwoLevelCache cache, CacheKey key) {
        return cache.put(key, VALUE, Duration.ofMinutes(1), Condition.any())
                .flatMap(put -> cache.get(key)
                        .then(second.fetch(key))
                        .then(cache.get(
                                key, StaleReads.WHILE_REVALIDATING, put.entry().version()))
                        .then(takenOut(key, put)));
    }

    /** Without a trace: a deleted key would be remembered for a minute. */
    private Mono<Boolean> takenOut(CacheKey key, PutResult put) {
        long version = put.entry().version();
        return second.sweep(key, version, version + 1).then(fulfilled.apply(new Intent(key, version)));
    }

    private static CacheKey key(String name) {
        return new CacheKey(NOBODY, "warm-up", name);
    }
}
