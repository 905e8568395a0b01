package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.tier.LimitBounds;
import dev.sluice.gateway.tier.RouteGroups;
import dev.sluice.record.LimitRule;
import dev.sluice.record.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits of one tier, ready to be decided. Thread-safe. */
final class TierLimits {

    private static final Logger LOG = LoggerFactory.getLogger(TierLimits.class);

    private final Tier tier;
    private final List<Limit> all;
    private final Map<String, List<Limit>> byGroup = new ConcurrentHashMap<>();
    private final Map<String, List<Limit>> byName = new ConcurrentHashMap<>();

    TierLimits(Tier tier) {
        this.tier = tier;
        this.all = limitsOf(tier);
    }

    /** Whether they were made from this very record; a change of a tier is a new one. */
    @SuppressWarnings("ReferenceEquality") // To compare the contents of two tiers costs more than to decide a request.
    boolean isOf(Tier other) {
        return tier == other;
    }

    String name() {
        return tier.getName();
    }

    List<Limit> all() {
        return all;
    }

    /** The limits that cover a request of a group. */
    List<Limit> of(String group) {
        return byGroup.computeIfAbsent(
                group,
                wanted -> all.stream().filter(limit -> limit.covers(wanted)).toList());
    }

    /** The one limit of a name; none when there is none. */
    List<Limit> named(String name) {
        List<Limit> known = byName.get(name);
        if (known != null) {
            return known;
        }
        List<Limit> found =
                all.stream().filter(limit -> limit.name().equals(name)).toList();
        if (!found.isEmpty()) {
            byName.put(name, found);
        }
        return found;
    }

    /** What a request of a group costs. */
    long costOf(String group) {
        Map<String, Long> costs = tier.getCosts();
        long cost = costs.getOrDefault(group, costs.getOrDefault(RouteGroups.EVERY, 1L));
        return Math.clamp(cost, 0, LimitBounds.MAX_COST);
    }

    /** What a request of a group costs that counts as so many. */
    long costOf(String group, int times) {
        return Math.min(costOf(group) * times, LimitBounds.MAX_COST);
    }

    private static List<Limit> limitsOf(Tier tier) {
        List<Limit> limits = new ArrayList<>();
        for (LimitRule rule : tier.getLimits()) {
            try {
                limits.add(Limit.of(rule));
            } catch (IllegalArgumentException e) {
                LOG.error("limit {} of tier {} is not held: {}", rule.getName(), tier.getName(), e.getMessage());
            }
        }
        return List.copyOf(limits);
    }
}
