package dev.sluice.gateway.tier;

import dev.sluice.record.LimitFallback;
import dev.sluice.record.LimitMode;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Tier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads tiers and limits out of documents. What is wrong is refused with the path to it. Pure. */
final class TierReader {

    /** One request is held against all that cover it, in one call. */
    static final int MAX_LIMITS = 32;

    private static final int MAX_DESCRIPTION = 500;

    /** As of a namespace of the cache. */
    private static final long LARGEST_CACHE_QUOTA = 1L << 50;

    private TierReader() {}

    static Tier tier(String name, TierNode node, Instant updatedAt) {
        node.requireOnly("description", "limits", "costs", "cache");
        Map<String, Long> costs = costs(node.child("costs"));
        TierNode cache = node.child("cache");
        if (!cache.isAbsent()) {
            cache.requireOnly("maxEntries", "maxBytes");
        }
        return Tier.newBuilder()
                .setName(name)
                .setDescription(node.child("description").text(MAX_DESCRIPTION))
                .setLimits(limits(node.child("limits"), costs))
                .setCosts(costs)
                .setCacheMaxEntries(quota(cache, "maxEntries"))
                .setCacheMaxBytes(quota(cache, "maxBytes"))
                .setUpdatedAt(updatedAt)
                .build();
    }

    /** Limits that stand side by side, each with a name of its own. */
    static List<LimitRule> limits(TierNode node, Map<String, Long> costs) {
        List<LimitRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (TierNode item : node.items(MAX_LIMITS)) {
            LimitRule rule = limit(item);
            if (!names.add(rule.getName())) {
                throw item.child("name").wrong("is taken by another limit", rule.getName());
            }
            requireRoomForOneRequest(item, rule, costs);
            rules.add(rule);
        }
        return rules;
    }

    private static Map<String, Long> costs(TierNode node) {
        Map<String, Long> costs = new LinkedHashMap<>();
        if (node.isAbsent()) {
            return costs;
        }
        node.entries().forEach((group, cost) -> {
            checkGroup(cost, group);
            costs.put(group, cost.number(0, LimitBounds.MAX_COST));
        });
        return costs;
    }

    /** Of the cache; null for none. */
    private static @Nullable Long quota(TierNode cache, String name) {
        if (cache.isAbsent()) {
            return null;
        }
        TierNode quota = cache.child(name);
        return quota.isAbsent() ? null : quota.number(1, LARGEST_CACHE_QUOTA);
    }

    private static LimitRule limit(TierNode node) {
        node.requireOnly("name", "group", "window", "quota", "burst", "mode", "onRedisLoss");
        TierNode name = node.child("name");
        TierNode group = node.child("group");
        checkGroup(group, group.text());
        LimitWindow window = node.child("window").oneOf(LimitWindow.class, LimitWindow.UNKNOWN);
        long quota = node.child("quota").number(1, LimitBounds.MAX_QUOTA);
        return LimitRule.newBuilder()
                .setName(name.checkName(name.text()))
                .setGroup(group.text())
                .setWindow(window)
                .setQuota(quota)
                .setBurst(burst(node.child("burst"), window, quota))
                .setMode(node.child("mode").or("enforce").oneOf(LimitMode.class, LimitMode.UNKNOWN))
                .setOnRedisLoss(node.child("onRedisLoss").or("share").oneOf(LimitFallback.class, LimitFallback.UNKNOWN))
                .build();
    }

    private static long burst(TierNode node, LimitWindow window, long quota) {
        if (node.isAbsent()) {
            return quota;
        }
        if (window != LimitWindow.SECOND) {
            // What the API shows of a quota can be put again as it is.
            if (quota == node.number(1, LimitBounds.MAX_QUOTA)) {
                return quota;
            }
            throw node.wrong("is for a limit per second only; leave it out");
        }
        return node.number(1, LimitBounds.MAX_QUOTA);
    }

    /** A request that costs more than fits could never be admitted. */
    private static void requireRoomForOneRequest(TierNode node, LimitRule rule, Map<String, Long> costs) {
        costs.forEach((group, cost) -> {
            boolean covered = rule.getGroup().equals(RouteGroups.EVERY)
                    || rule.getGroup().equals(group)
                    || group.equals(RouteGroups.EVERY);
            if (covered && rule.getBurst() < cost) {
                throw node.wrong("admits " + rule.getBurst() + " at once, less than one request of group " + group
                        + " costs: " + cost);
            }
        });
    }

    private static void checkGroup(TierNode node, String group) {
        if (!RouteGroups.isKnown(group)) {
            throw node.wrong("is no route group; use one of " + RouteGroups.NAMES, group);
        }
    }
}
