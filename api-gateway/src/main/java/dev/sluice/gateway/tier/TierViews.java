package dev.sluice.gateway.tier;

import dev.sluice.record.LimitRule;
import dev.sluice.record.Tier;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tiers as the API shows them. */
final class TierViews {

    private TierViews() {}

    record Page(List<TierView> data, @Nullable String nextCursor) {}

    record TierView(
            String name, String description, List<RuleView> limits, Map<String, Long> costs, Instant updatedAt) {}

    record RuleView(
            String name, String group, String window, long quota, long burst, String mode, String onRedisLoss) {}

    /** There are so few that one page holds all of them. */
    static Page page(Collection<Tier> tiers) {
        return new Page(tiers.stream().map(TierViews::view).toList(), null);
    }

    static TierView view(Tier tier) {
        return new TierView(
                tier.getName(),
                tier.getDescription(),
                tier.getLimits().stream().map(TierViews::rule).toList(),
                new TreeMap<>(tier.getCosts()),
                tier.getUpdatedAt());
    }

    private static RuleView rule(LimitRule rule) {
        return new RuleView(
                rule.getName(),
                rule.getGroup(),
                lowerCase(rule.getWindow()),
                rule.getQuota(),
                rule.getBurst(),
                lowerCase(rule.getMode()),
                lowerCase(rule.getOnRedisLoss()));
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
