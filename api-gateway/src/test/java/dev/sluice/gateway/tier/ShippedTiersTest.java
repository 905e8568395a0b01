package dev.sluice.gateway.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Tier;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedTiersTest {

    private final ShippedTiers shipped = ShippedTiers.load(Instant.EPOCH);

    @ParameterizedTest
    @CsvSource({
        "free,      50,     10,     10,  20",
        "basic,     200,    50,     25,  50",
        "premium,   1000,   500,    100, 200",
        "unlimited, 10000,  10000,  500, 1000",
    })
    void haveTheLimitsOfTheSampleProduct(String name, long charts, long readings, long rate, long burst) {
        Tier tier = shipped.find(name).orElseThrow();
        assertThat(tier.getLimits()).hasSize(3);
        assertThat(rule(tier, RouteGroups.EVERY))
                .returns(LimitWindow.SECOND, LimitRule::getWindow)
                .returns(rate, LimitRule::getQuota)
                .returns(burst, LimitRule::getBurst);
        assertThat(rule(tier, RouteGroups.CHARTS))
                .returns(LimitWindow.DAY, LimitRule::getWindow)
                .returns(charts, LimitRule::getQuota);
        assertThat(rule(tier, RouteGroups.READINGS))
                .returns(LimitWindow.DAY, LimitRule::getWindow)
                .returns(readings, LimitRule::getQuota);
    }

    @Test
    void beginWithTheOneForThoseWithoutAKnownTier() {
        assertThat(shipped.all())
                .extracting(Tier::getName)
                .containsExactly("free", "basic", "premium", "anonymous", "unlimited");
        assertThat(shipped.free().getName()).isEqualTo("free");
        assertThat(shipped.find("gold")).isEmpty();
    }

    private static LimitRule rule(Tier tier, String group) {
        return tier.getLimits().stream()
                .filter(rule -> rule.getGroup().equals(group))
                .findFirst()
                .orElseThrow();
    }
}
