package dev.sluice.metrics.topology;

import dev.sluice.metrics.ladder.KeyRange;
import dev.sluice.metrics.tally.CacheDimension;
import java.util.HashMap;
import java.util.Map;

/**
 * Which dimensions are kept apart. Those that are too many count as others of their namespace, if that has one of its own; else as
 * others of their tenant. So a tenant has at most twice as many as its budget, and one. Not thread-safe.
 */
final class DimensionBudget {
    private final NameBudget patterns;
    private final Map<String, Map<String, Long>> found = new HashMap<>();

    DimensionBudget(NameBudget patterns) {
        this.patterns = patterns;
    }

    /** Takes note of a dimension that was kept apart before. */
    void found(String storeKey, long windowStart) {
        CacheDimension dimension = CacheDimension.ofStoreKey(storeKey);
        if (!dimension.pattern().equals(CacheDimension.OTHER)) {
            found.computeIfAbsent(dimension.tenant(), tenant -> new HashMap<>())
                    .merge(storeKey, windowStart, Math::max);
        }
    }

    /** All that was kept apart before is known. */
    void resume() {
        found.forEach(patterns::resume);
        found.clear();
    }

    /** What reads of a dimension are counted as. */
    CacheDimension admit(CacheDimension dimension, long streamMillis) {
        boolean isOther = dimension.pattern().equals(CacheDimension.OTHER);
        if (!isOther && patterns.admits(dimension.tenant(), dimension.storeKey(), streamMillis)) {
            return dimension;
        }
        KeyRange namespace = CacheDimension.rangeOf(dimension.tenant(), dimension.namespace());
        boolean isKnown = patterns.hasAny(
                dimension.tenant(), key -> key.compareTo(namespace.from()) >= 0 && key.compareTo(namespace.to()) <= 0);
        return isKnown ? dimension.withoutPattern() : dimension.withoutNamespace();
    }
}
