package dev.sluice.starter.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A cache's counts under the names that all caches have, and some that only this one has. */
public final class CacheMeters extends CacheMeterBinder<SluiceCache> {

    private final CacheTally tally;
    private final SluiceCache cache;

    public CacheMeters(SluiceCache cache, Iterable<Tag> tags) {
        super(cache, cache.getName(), tags);
        this.cache = cache;
        this.tally = cache.tally();
    }

    /** Nobody counts what all nodes keep. */
    @Override
    protected @Nullable Long size() {
        return null;
    }

    @Override
    protected long hitCount() {
        return tally.hits.sum();
    }

    @Override
    protected Long missCount() {
        return tally.misses.sum();
    }

    @Override
    protected Long evictionCount() {
        return tally.evictions.sum();
    }

    @Override
    protected long putCount() {
        return tally.puts.sum();
    }

    @Override
    protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
        count(registry, "cache.undecodable", "Values that were read and not understood: misses", tally.undecodable);
        count(registry, "cache.refused", "Values that were not kept for what they are", tally.refused);
        count(registry, "cache.changes.failed", "Changes that Redis did not make; removals are owed", tally.failed);
        count(registry, "cache.changes.unannounced", "Changes made and announced late", tally.unannounced);
        Gauge.builder("cache.removals.owed", cache, SluiceCache::owed)
                .tags(getTagsWithCacheName())
                .description("Removals that were asked for and are not made yet")
                .register(registry);
    }

    private void count(MeterRegistry registry, String name, String description, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .tags(getTagsWithCacheName())
                .description(description)
                .register(registry);
    }
}
