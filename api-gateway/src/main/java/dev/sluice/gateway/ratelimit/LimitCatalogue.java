package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.tier.TierTable;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.Tier;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits of every tier, made once for each change of a tier. Thread-safe. */
final class LimitCatalogue {

    private static final Logger LOG = LoggerFactory.getLogger(LimitCatalogue.class);

    private final TierTable tiers;
    private final Map<String, TierLimits> limits = new ConcurrentHashMap<>();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();

    LimitCatalogue(TierTable tiers) {
        this.tiers = tiers;
    }

    /** The limits that somebody is held to. */
    TierLimits of(Identity owner) {
        return of(owner.tier());
    }

    /** The limits of a tier; those of the smallest when there is none of that name. */
    TierLimits of(String tierName) {
        Tier tier = tiers.find(tierName).orElseGet(() -> standIn(tierName));
        TierLimits known = limits.get(tier.getName());
        if (known != null && known.isOf(tier)) {
            return known;
        }
        TierLimits made = new TierLimits(tier);
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
