package dev.sluice.cache.namespace;

import dev.sluice.cache.coherence.CoherentCache;
import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.engine.LoadFailedException;
import dev.sluice.cache.engine.Loader;
import dev.sluice.cache.engine.Loader.Loaded;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.cache.engine.StaleReads;
import dev.sluice.cache.origin.Origin;
import dev.sluice.cache.origin.OriginAnswer;
import dev.sluice.cache.origin.OriginClient;
import dev.sluice.cache.origin.OriginException;
import dev.sluice.platform.web.caching.Directives;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import reactor.core.publisher.Mono;

/** Reads that ask the origin of a namespace, if it has one, for what the cache does not have. Thread-safe; never blocks. */
public final class ReadThrough {

    private final CoherentCache cache;
    private final NamespaceTable namespaces;
    private final OriginClient client;
    private final long largestValue;

    /** @param largestValue of a namespace that says nothing, in bytes */
    ReadThrough(CoherentCache cache, NamespaceTable namespaces, OriginClient client, long largestValue) {
        this.cache = cache;
        this.namespaces = namespaces;
        this.client = client;
        this.largestValue = largestValue;
    }

    /**
     * As {@link CoherentCache#get(CacheKey, StaleReads)} without an origin. With one, what is missing comes from there, once for
     * all nodes; what is stale is answered as its lifetime says. Fails with {@link OriginException} when there is nothing to
     * answer.
     */
    public Mono<ReadResult> get(CacheKey key, StaleReads accepted) {
        NamespaceRules rules = namespaces.rulesOf(key);
        return rules.origin().map(origin -> load(key, rules, origin)).orElseGet(() -> cache.get(key, accepted));
    }

    /** Takes a value in as {@link #get} would, for nobody who wants it now. */
    public Mono<ReadResult> fill(CacheKey key) {
        NamespaceRules rules = namespaces.rulesOf(key);
        return rules.origin()
                .map(origin -> cache.fill(key, loader(rules, origin), origin.patience())
                        .onErrorMap(LoadFailedException.class, ReadThrough::cause))
                .orElseGet(() -> cache.fill(key));
    }

    private Mono<ReadResult> load(CacheKey key, NamespaceRules rules, Origin origin) {
        return cache.get(key, loader(rules, origin), origin.patience())
                .onErrorMap(LoadFailedException.class, ReadThrough::cause);
    }

    private Loader loader(NamespaceRules rules, Origin origin) {
        long maxBytes = rules.maxValueBytes().orElse(largestValue);
        return (key, stale) -> {
            Optional<CacheValue> known = stale.map(CacheEntry::value).filter(value -> value.size() <= maxBytes);
            return client.fetch(
                            origin,
                            key.key(),
                            maxBytes,
                            known.map(CacheValue::validator).orElse(""))
                    .map(answer -> loaded(rules, answer, known));
        };
    }

    private static OriginException cause(LoadFailedException failure) {
        return failure.getCause() instanceof OriginException known ? known : OriginException.tooSlow();
    }

    /** @param known what the origin was asked about, if it has a name for it */
    static Loaded loaded(NamespaceRules rules, OriginAnswer answer, Optional<CacheValue> known) {
        return switch (answer) {
            case OriginAnswer.Value value -> kept(rules, answer, value.value(), rules.defaultTtl());
            case OriginAnswer.Unkept value -> Loaded.forThisRead(value.value());
            case OriginAnswer.Unchanged unchanged ->
                kept(rules, answer, renewed(known.orElseThrow(), unchanged), rules.defaultTtl());
            case OriginAnswer.Absent ignored -> kept(rules, answer, CacheValue.absence(), rules.negativeTtl());
        };
    }

    private static CacheValue renewed(CacheValue known, OriginAnswer.Unchanged unchanged) {
        return unchanged.tags().map(known::withTags).orElse(known);
    }

    /** The origin may say how long; never longer than the namespace allows. */
    private static Loaded kept(NamespaceRules rules, OriginAnswer answer, CacheValue value, Duration usual) {
        Directives said = answer.directives();
        if (said.has("no-store") || said.hasBare("private") || said.hasBare("no-cache")) {
            return Loaded.forThisRead(value);
        }
        OptionalLong seconds = said.has("s-maxage") ? said.secondsOf("s-maxage") : said.secondsOf("max-age");
        Duration fresh =
                seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()).minus(answer.age()) : usual;
        if (!fresh.isPositive()) {
            return Loaded.forThisRead(value);
        }
        Duration bounded = fresh.compareTo(rules.maxTtl()) < 0 ? fresh : rules.maxTtl();
        Lifetime lifetime = value.isAbsence()
                ? Lifetime.of(bounded)
                : rules.lifetimeWithin(bounded, span(said, "stale-while-revalidate"), span(said, "stale-if-error"));
        return new Loaded(value, lifetime);
    }

    private static Optional<Duration> span(Directives said, String name) {
        OptionalLong seconds = said.secondsOf(name);
        return seconds.isPresent() ? Optional.of(Duration.ofSeconds(seconds.getAsLong())) : Optional.empty();
    }
}
