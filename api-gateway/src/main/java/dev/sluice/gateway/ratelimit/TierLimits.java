package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.tier.LimitBounds;
import dev.sluice.gateway.tier.RouteGroups;
import dev.sluice.record.LimitRule;
import dev.sluice.record.Tier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits of one tier, or of one owner where it has some of its own, ready to be decided. Thread-safe. */
final class TierLimits {

    private static final Logger LOG = LoggerFactory.getLogger(TierLimits.class);

    private final Tier tier;
    private final List<LimitRule> ofTenant;
    private final List<LimitRule> ofKey;
    private final List<Limit> all;
    private final Map<String, List<Limit>> byGroup = new ConcurrentHashMap<>();
    private final Map<String, List<Limit>> byName = new ConcurrentHashMap<>();

    /**
     * The limits of a key: its own before those of its tenant before those of the tier, by their names.
     *
     * @param ofTenant the limits of the tenant alone
     * @param ofKey the limits of the key alone, which count what it does and nothing else
     */
    TierLimits(Tier tier, List<LimitRule> ofTenant, List<LimitRule> ofKey, String keyId) {
        this.tier = tier;
        this.ofTenant = ofTenant;
        this.ofKey = ofKey;
        Map<String, Limit> byPrecedence = new LinkedHashMap<>();
        limitsOf(tier.getLimits(), "tier " + tier.getName()).forEach(limit -> byPrecedence.put(limit.name(), limit));
        limitsOf(ofTenant, "a tenant").forEach(limit -> byPrecedence.put(limit.name(), limit));
        limitsOf(ofKey, "key " + keyId).forEach(limit -> byPrecedence.put(limit.name(), limit.ofKey(keyId)));
        this.all = List.copyOf(byPrecedence.values());
    }

    /** Whether they were made from these very records; a change of one is a new record. */
    @SuppressWarnings("ReferenceEquality") // To compare the contents of two tiers costs more than to decide a request.
    boolean isOf(Tier other, List<LimitRule> otherOfTenant, List<LimitRule> otherOfKey) {
        return tier == other && ofTenant == otherOfTenant && ofKey == otherOfKey;
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

    private static List<Limit> limitsOf(List<LimitRule> rules, String owner) {
        List<Limit> limits = new ArrayList<>();
        for (LimitRule rule : rules) {
            try {
                limits.add(Limit.of(rule));
            } catch (IllegalArgumentException e) {
                LOG.error("limit {} of {} is not held: {}", rule.getName(), owner, e.getMessage());
            }
        }
        return limits;
    }
}
