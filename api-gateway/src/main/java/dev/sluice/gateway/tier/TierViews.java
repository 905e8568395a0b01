package dev.sluice.gateway.tier;

import dev.sluice.record.Tier;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tiers as the API shows them. */
final class TierViews {

    private TierViews() {}

    record Page(List<TierView> data, @Nullable String nextCursor) {}

    record TierView(
            String name,
            String description,
            List<LimitRuleView> limits,
            Map<String, Long> costs,
            @Nullable CacheView cache,
            Instant updatedAt) {}

    /** What a tenant may have in the cache; null for any. */
    record CacheView(@Nullable Long maxEntries, @Nullable Long maxBytes) {

        private static @Nullable CacheView of(Tier tier) {
            return tier.getCacheMaxEntries() == null && tier.getCacheMaxBytes() == null
                    ? null
                    : new CacheView(tier.getCacheMaxEntries(), tier.getCacheMaxBytes());
        }
    }

    /** There are so few that one page holds all of them. */
    static Page page(Collection<Tier> tiers) {
        return new Page(tiers.stream().map(TierViews::view).toList(), null);
    }

    static TierView view(Tier tier) {
        return new TierView(
                tier.getName(),
                tier.getDescription(),
                LimitRuleView.of(tier.getLimits()),
                new TreeMap<>(tier.getCosts()),
                CacheView.of(tier),
                tier.getUpdatedAt());
    }
}
