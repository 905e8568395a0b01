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
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads tiers from YAML, a map of name to tier. What is wrong is refused with the path to it. Pure. */
final class TierYaml {

    private final Instant updatedAt;

    private TierYaml(Instant updatedAt) {
        this.updatedAt = updatedAt;
    }

    /** The tiers in their order in the document. */
    static Map<String, Tier> parse(String yaml, Instant updatedAt) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object document;
        try {
            document = new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("the tiers are not valid YAML: " + e.getMessage(), e);
        }
        return new TierYaml(updatedAt).tiers(YamlNode.root("tiers", document));
    }

    private Map<String, Tier> tiers(YamlNode root) {
        Map<String, Tier> tiers = new LinkedHashMap<>();
        root.entries().forEach((name, node) -> tiers.put(node.checkName(name), tier(name, node)));
        if (tiers.isEmpty()) {
            throw root.wrong("must have at least one tier");
        }
        return tiers;
    }

    private Tier tier(String name, YamlNode node) {
        node.requireOnly("description", "limits", "costs");
        Map<String, Long> costs = costs(node.child("costs"));
        return Tier.newBuilder()
                .setName(name)
                .setDescription(node.child("description").text())
                .setLimits(limits(node.child("limits"), costs))
                .setCosts(costs)
                .setUpdatedAt(updatedAt)
                .build();
    }

    private static Map<String, Long> costs(YamlNode node) {
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

    private static List<LimitRule> limits(YamlNode node, Map<String, Long> costs) {
        List<LimitRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode item : node.items()) {
            LimitRule rule = limit(item);
            if (!names.add(rule.getName())) {
                throw item.child("name").wrong("is taken by another limit of the tier: " + rule.getName());
            }
            requireRoomForOneRequest(item, rule, costs);
            rules.add(rule);
        }
        return rules;
    }

    private static LimitRule limit(YamlNode node) {
        node.requireOnly("name", "group", "window", "quota", "burst", "mode", "on-redis-loss");
        YamlNode name = node.child("name");
        YamlNode group = node.child("group");
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
                .setOnRedisLoss(
                        node.child("on-redis-loss").or("share").oneOf(LimitFallback.class, LimitFallback.UNKNOWN))
                .build();
    }

    private static long burst(YamlNode node, LimitWindow window, long quota) {
        if (node.isAbsent()) {
            return quota;
        }
        if (window != LimitWindow.SECOND) {
            throw node.wrong("is for a limit per second only; leave it out");
        }
        return node.number(1, LimitBounds.MAX_QUOTA);
    }

    /** A request that costs more than fits could never be admitted. */
    private static void requireRoomForOneRequest(YamlNode node, LimitRule rule, Map<String, Long> costs) {
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

    private static void checkGroup(YamlNode node, String group) {
        if (!RouteGroups.isKnown(group)) {
            throw node.wrong("is no route group: " + group);
        }
    }
}
