package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.LimitQuestions.Item;
import dev.sluice.platform.web.Identity;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A key's own limits count before its tenant's, a tenant's before its tier's. */
class LimitOverridesTest {

    private static final LimitRule TENANT_DAY = LimitFixture.rule("readings-day", "readings", LimitWindow.DAY, 20);
    private static final LimitRule KEY_DAY = LimitFixture.rule("readings-day", "readings", LimitWindow.DAY, 3);
    private static final LimitRule KEY_HOUR = LimitFixture.rule("events-hour", "events", LimitWindow.HOUR, 5);

    private final LimitFixture limits = new LimitFixture()
            .tenant("acme", "free", TENANT_DAY)
            .tenant("bell", "free")
            .key("plain", "acme")
            .key("small", "acme", KEY_DAY, KEY_HOUR)
            .key("other", "acme", KEY_DAY)
            .load();

    @Test
    void aKeyBeforeItsTenantBeforeTheTier() {
        assertThat(quotas("bell", "none")).containsExactly("rate 10", "charts-day 50", "readings-day 10");
        assertThat(quotas("acme", "plain")).containsExactly("rate 10", "charts-day 50", "readings-day 20");
        assertThat(quotas("acme", "small"))
                .containsExactly("rate 10", "charts-day 50", "readings-day 3", "events-hour 5");
    }

    @Test
    void aChangeIsInForceAtOnceAndNothingElseMakesThemAnew() {
        TierLimits before = limits.catalogue.of(owner("acme", "small"));
        assertThat(limits.catalogue.of(owner("acme", "small"))).isSameAs(before);
        assertThat(limits.catalogue.of(owner("acme", "plain"))).isSameAs(limits.catalogue.of(owner("acme", "none")));
        limits.key("small", "acme");
        assertThat(quotas("acme", "small")).containsExactly("rate 10", "charts-day 50", "readings-day 20");
        limits.tenant("acme", "free");
        assertThat(quotas("acme", "small")).containsExactly("rate 10", "charts-day 50", "readings-day 10");
        limits.tenant("acme", "premium", TENANT_DAY);
        assertThat(limits.catalogue
                        .of(LimitFixture.caller("acme", "small", "premium"))
                        .all())
                .extracting(Limit::quota)
                .containsExactly(100L, 1_000L, 20L);
    }

    @Test
    void whatAKeyHasAloneCountsThatKeyAlone() {
        assertThat(readings("small", 3)).isTrue();
        assertThat(readings("small", 1)).isFalse();
        assertThat(readings("other", 3)).isTrue();
        assertThat(readings("plain", 14)).isTrue();
        assertThat(used("plain")).isEqualTo(14);
        assertThat(used("small")).isEqualTo(3);
        // The rate of the tier is that of the tenant with all its keys.
        assertThat(readings("plain", 1)).isFalse();
    }

    @Test
    void theEventOfAKeysQuotaNamesTheKey() {
        assertThat(readings("small", 3)).isTrue();
        assertThat(readings("other", 3)).isTrue();
        assertThat(limits.events).hasSize(2).allSatisfy(event -> {
            assertThat(event.getValue().getType()).isEqualTo("quota.exhausted");
            assertThat(event.getValue().getTenant()).isEqualTo("acme");
        });
        assertThat(new String(
                        Objects.requireNonNull(
                                        limits.events.getFirst().getValue().getData())
                                .array(),
                        StandardCharsets.UTF_8))
                .contains("\"key\":\"small\"");
    }

    private boolean readings(String key, long cost) {
        return ask(key, cost).admitted();
    }

    private long used(String key) {
        return ask(key, 0).limits().stream()
                .filter(limit -> limit.name().equals("readings-day"))
                .mapToLong(LimitView::used)
                .findFirst()
                .orElse(-1);
    }

    private LimitAnswer ask(String key, long cost) {
        LimitQuestions questions = new LimitQuestions(List.of(new Item(null, key, "readings", null, cost)));
        return Objects.requireNonNull(
                        limits.checks.answer(owner("acme", "plain"), questions).block())
                .getFirst();
    }

    private List<String> quotas(String tenant, String key) {
        return limits.catalogue.of(owner(tenant, key)).all().stream()
                .map(limit -> limit.name() + " " + limit.quota())
                .toList();
    }

    private static Identity owner(String tenant, String key) {
        return LimitFixture.caller(tenant, key, "free");
    }
}
