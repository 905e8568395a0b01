package dev.sluice.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sluice.gateway.tier.TierTable;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.LimitRule;
import dev.sluice.record.Tier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits that each owner is held to: those of its tier, unless the tenant or the key has its own. They are made once
 * for each change of what they come from. Thread-safe.
 */
final class LimitCatalogue {

    private static final Logger LOG = LoggerFactory.getLogger(LimitCatalogue.class);

    private static final List<LimitRule> NONE = List.of();

    private final TierTable tiers;
    private final Function<String, List<LimitRule>> ofTenants;
    private final Function<String, List<LimitRule>> ofKeys;
    private final Map<String, TierLimits> limits = new ConcurrentHashMap<>();
    private final Cache<Owner, TierLimits> overridden;
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();

    /** @param key empty where all keys of the tenant have the same limits */
    private record Owner(String tenant, String key) {}

    /**
     * @param ofTenants the limits of a tenant alone, by its id; the same list until they change
     * @param ofKeys the limits of a key alone, by its id; likewise
     */
    LimitCatalogue(
            TierTable tiers,
            Function<String, List<LimitRule>> ofTenants,
            Function<String, List<LimitRule>> ofKeys,
            long maxOwners) {
        this.tiers = tiers;
        this.ofTenants = ofTenants;
        this.ofKeys = ofKeys;
        this.overridden = Caffeine.newBuilder().maximumSize(maxOwners).build();
    }

    /** The limits that a key is held to; of the smallest tier when its own is not known. */
    TierLimits of(Identity identity) {
        Tier tier = tiers.find(identity.tier()).orElseGet(() -> standIn(identity.tier()));
        List<LimitRule> ofTenant = ofTenants.apply(identity.tenant());
        List<LimitRule> ofKey = ofKeys.apply(identity.keyId());
        if (ofTenant.isEmpty() && ofKey.isEmpty()) {
            return of(tier);
        }
        Owner owner = new Owner(identity.tenant(), ofKey.isEmpty() ? "" : identity.keyId());
        TierLimits known = overridden.getIfPresent(owner);
        if (known != null && known.isOf(tier, ofTenant, ofKey)) {
            return known;
        }
        TierLimits made = new TierLimits(tier, ofTenant, ofKey, identity.keyId());
        overridden.put(owner, made);
        return made;
    }

    private TierLimits of(Tier tier) {
        TierLimits known = limits.get(tier.getName());
        if (known != null && known.isOf(tier, NONE, NONE)) {
            return known;
        }
        TierLimits made = new TierLimits(tier, NONE, NONE, "");
        limits.put(tier.getName(), made);
        return made;
    }

    private Tier standIn(String tierName) {
        Tier free = tiers.free();
        if (unknown.add(tierName)) {
            LOG.warn("there is no tier {}; the limits of {} are held instead", tierName, free.getName());
        }
        return free;
    }
}
