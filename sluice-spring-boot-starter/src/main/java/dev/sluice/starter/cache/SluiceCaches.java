package dev.sluice.starter.cache;

import dev.sluice.starter.codec.ValueCodec;
import dev.sluice.starter.key.CacheKeyText;
import dev.sluice.starter.node.CacheStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The caches of an application, each a namespace of its tenant. Removals that are owed are tried again twice a second. */
public final class SluiceCaches implements CacheManager, AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final CacheStore store;
    private final ValueCodec codec;
    private final CacheKeyText keys;
    private final Function<String, CacheRules> rules;
    private final boolean open;
    private final Map<String, SluiceCache> caches = new ConcurrentHashMap<>();
    private final Map<String, String> namespaces = new ConcurrentHashMap<>();
    private final List<Consumer<SluiceCache>> watchers = new CopyOnWriteArrayList<>();
    private final Disposable payments;

    /**
     * Those of these names, and others as they are asked for.
     *
     * @param only the names of all there may be; empty for any
     */
    public SluiceCaches(
            CacheStore store,
            ValueCodec codec,
            CacheKeyText keys,
            Function<String, CacheRules> rules,
            Collection<String> known,
            Collection<String> only) {
        this.store = store;
        this.codec = codec;
        this.keys = keys;
        this.rules = rules;
        this.open = only.isEmpty();
        (open ? known : only).forEach(name -> caches.computeIfAbsent(name, this::newCache));
        payments = Flux.defer(() -> Flux.fromIterable(caches.values()))
                .concatMap(cache -> cache.payDebts().onErrorResume(error -> Mono.empty()))
                .repeatWhen(ended -> ended.delayElements(INTERVAL))
                .subscribe();
    }

    @Override
    public @Nullable Cache getCache(String name) {
        SluiceCache cache = caches.get(name);
        return cache != null || !open ? cache : caches.computeIfAbsent(name, this::newCache);
    }

    @Override
    public Collection<String> getCacheNames() {
        return List.copyOf(caches.keySet());
    }

    /** Told of each cache there is by now, and of those to come when they are made. */
    public void watch(Consumer<SluiceCache> watcher) {
        watchers.add(watcher);
        caches.values().forEach(watcher);
    }

    private SluiceCache newCache(String name) {
        CacheRules own = rules.apply(name);
        String other = namespaces.putIfAbsent(own.namespace(), name);
        if (other != null) {
            throw new IllegalStateException("caches " + other + " and " + name + " would share the namespace "
                    + own.namespace() + ": set sluice.starter.caches." + name + ".namespace");
        }
        SluiceCache cache = new SluiceCache(name, store, own, keys, codec);
        watchers.forEach(watcher -> watcher.accept(cache));
        return cache;
    }

    @Override
    public void close() {
        payments.dispose();
    }
}
