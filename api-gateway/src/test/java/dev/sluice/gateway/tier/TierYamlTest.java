package dev.sluice.gateway.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.record.LimitFallback;
import dev.sluice.record.LimitMode;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Tier;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TierYamlTest {

    @Test
    void readsATierWithEverything() {
        Map<String, Tier> tiers = TierYaml.parse("""
                        gold:
                          description: All that shines.
                          costs: {events: 2, "*": 1}
                          cache: {max-entries: 1000, max-bytes: 1073741824}
                          limits:
                            - {name: rate, group: "*", window: second, quota: 5, burst: 9, mode: soft, on-redis-loss: open}
                            - {name: charts, group: charts, window: month, quota: 100}
                        """, Instant.EPOCH);
        assertThat(tiers).containsOnlyKeys("gold");
        Tier tier = Objects.requireNonNull(tiers.get("gold"));
        assertThat(tier.getName()).isEqualTo("gold");
        assertThat(tier.getDescription()).isEqualTo("All that shines.");
        assertThat(tier.getCosts()).isEqualTo(Map.of("events", 2L, "*", 1L));
        assertThat(tier.getCacheMaxEntries()).isEqualTo(1000);
        assertThat(tier.getCacheMaxBytes()).isEqualTo(1L << 30);
        assertThat(tier.getUpdatedAt()).isEqualTo(Instant.EPOCH);
        assertThat(tier.getLimits())
                .containsExactly(
                        rule("rate", "*", LimitWindow.SECOND, 5, 9, LimitMode.SOFT, LimitFallback.OPEN),
                        rule("charts", "charts", LimitWindow.MONTH, 100, 100, LimitMode.ENFORCE, LimitFallback.SHARE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: a, group: '*', window: day, quota: -1   | tiers.t.limits[0].quota must be a whole number from 1",
                "name: a, group: '*', window: day, quota: 1.5  | tiers.t.limits[0].quota must be a whole number",
                "name: a, group: '*', window: day, quota: '5'  | tiers.t.limits[0].quota must be a whole number",
                "name: a, group: '*', window: day              | tiers.t.limits[0].quota must be a whole number",
                "name: a, group: '*', window: week, quota: 1   | tiers.t.limits[0].window must be one of second, minute",
                "name: a, group: '*', window: unknown, quota: 1| tiers.t.limits[0].window must be one of",
                "name: a, group: '*', quota: 1                 | tiers.t.limits[0].window must be one of",
                "name: a, group: chart, window: day, quota: 1  | tiers.t.limits[0].group is no route group; use one of *, admin",
                "group: '*', window: day, quota: 1             | tiers.t.limits[0].name must be a text",
                "name: A b, group: '*', window: day, quota: 1  | tiers.t.limits[0].name must be a name of",
                "name: a, group: '*', window: day, quota: 1, burst: 2 | tiers.t.limits[0].burst is for a limit per second",
                "name: a, group: '*', window: day, quota: 1, mode: off | tiers.t.limits[0].mode must be one of enforce",
                "name: a, group: '*', window: day, quota: 1, on-redis-loss: x | tiers.t.limits[0].on-redis-loss must be",
                "name: a, group: '*', window: day, quota: 1, size: 2 | tiers.t.limits[0].size is not known",
                "name: a, group: '*', window: second, quota: 9, burst: 1 | tiers.t.limits[0] admits 1 at once",
            })
    void saysWhereALimitIsWrong(String limit, String message) {
        assertRefused("""
                t:
                  description: A tier.
                  costs: {events: 2}
                  limits:
                    - {%s}
                """.formatted(limit), message);
    }

    @Test
    void saysWhereATierIsWrong() {
        assertRefused("", "tiers must be a map");
        assertRefused("{}", "tiers must have at least one tier");
        assertRefused("- t", "tiers must be a map");
        assertRefused("t:", "tiers.t must be a map");
        assertRefused("T: {description: x, limits: []}", "tiers.T must be a name");
        assertRefused("t: {limits: []}", "tiers.t.description must be a text");
        assertRefused("t: {description: x}", "tiers.t.limits must be a list");
        assertRefused("t: {description: x, limits: [5]}", "tiers.t.limits[0] must be a map");
        assertRefused("t: {description: x, limits: [], price: 1}", "tiers.t.price is not known");
        assertRefused("t: {description: x, limits: [], costs: {sun: 1}}", "tiers.t.costs.sun is no route group");
        assertRefused("t: {description: x, limits: [], cache: {max-entries: 0}}", "tiers.t.cache.max-entries must be");
        assertRefused("t: {description: x, limits: [], cache: {bytes: 1}}", "tiers.t.cache.bytes is not known");
        assertRefused("t: {description: x, limits: [], cache: 5}", "tiers.t.cache must be a map");
        assertRefused("t: {description: x, limits: [], costs: {events: -1}}", "tiers.t.costs.events must be");
        assertRefused("t: {description: x, limits: []}\nt: {description: y, limits: []}", "not valid YAML");
        assertRefused("t: !!java.net.URL [\"http://127.0.0.1\"]", "not valid YAML");
        assertRefused("t: [", "not valid YAML");
    }

    @Test
    void refusesTwoLimitsOfOneName() {
        assertRefused("""
                t:
                  description: A tier.
                  limits:
                    - {name: a, group: "*", window: day, quota: 1}
                    - {name: a, group: "*", window: hour, quota: 1}
                """, "tiers.t.limits[1].name is taken by another limit: a");
    }

    private static void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> TierYaml.parse(yaml, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message.strip());
    }

    private static LimitRule rule(
            String name,
            String group,
            LimitWindow window,
            long quota,
            long burst,
            LimitMode mode,
            LimitFallback fallback) {
        return new LimitRule(name, group, window, quota, burst, mode, fallback);
    }
}
