package dev.sluice.gateway.tier;

import dev.sluice.record.LimitRule;
import java.util.List;
import java.util.Locale;

/** A limit as the API shows it, in the form in which it can be put again. */
public record LimitRuleView(
        String name, String group, String window, long quota, long burst, String mode, String onRedisLoss) {

    public static List<LimitRuleView> of(List<LimitRule> rules) {
        return rules.stream().map(LimitRuleView::of).toList();
    }

    private static LimitRuleView of(LimitRule rule) {
        return new LimitRuleView(
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
