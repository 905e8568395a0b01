package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.web.Identity;
import dev.sluice.record.DomainEvent;
import dev.sluice.record.LimitMode;
import dev.sluice.record.LimitRule;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.Tier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotaWatchTest {

    private static final Identity ACME = LimitFixture.caller("acme", "key-a", "small");

    private final LimitRule shadow = LimitFixture.rule("shadow", "*", LimitWindow.DAY, 1);
    private final LimitFixture limits = new LimitFixture(new Tier(
            "small",
            "A tier.",
            List.of(
                    LimitFixture.rule("rate", "*", LimitWindow.SECOND, 10),
                    LimitFixture.rule("hour", "events", LimitWindow.HOUR, 10),
                    LimitFixture.rule("month", "events", LimitWindow.MONTH, 1_000),
                    shadow),
            Map.of(),
            Instant.EPOCH,
            null,
            null));

    @BeforeEach
    void hideTheShadow() {
        shadow.setMode(LimitMode.SHADOW);
    }

    @Test
    void tellsOnceOfEachWindowThatAQuotaIsNearlyAndThatItIsWhollyUsed() {
        for (int i = 0; i < 7; i++) {
            spend(limits.quotas, 1);
        }
        assertThat(limits.events).isEmpty();
        spend(limits.quotas, 1);
        assertThat(types()).containsExactly("quota.warning");
        spend(limits.quotas, 1);
        assertThat(types()).containsExactly("quota.warning");
        spend(limits.quotas, 1);
        assertThat(types()).containsExactly("quota.warning", "quota.exhausted");
        spend(limits.quotas, 1);
        assertThat(limits.events).hasSize(2);

        limits.clock.advance(Duration.ofHours(1));
        spend(limits.quotas, 9);
        assertThat(types()).containsExactly("quota.warning", "quota.exhausted", "quota.warning");
        assertThat(limits.events.stream().map(event -> event.getValue().getId()).distinct())
                .hasSize(3);
    }

    @Test
    void writesAnEventThatSaysWhichQuotaAndHowMuch() {
        spend(limits.quotas, 8);
        assertThat(limits.events).singleElement().satisfies(entry -> {
            DomainEvent event = entry.getValue();
            Instant start = limits.clock.instant().truncatedTo(ChronoUnit.HOURS);
            assertThat(entry.getKey()).isEqualTo("acme|limits/hour");
            assertThat(event.getTenant()).isEqualTo("acme");
            assertThat(event.getSource()).isEqualTo("/api/v1/tenants/acme/limits");
            assertThat(event.getSubject()).isEqualTo("limits/hour");
            assertThat(event.getId()).isEqualTo("quota.warning:hour:" + start);
            assertThat(event.getTime()).isEqualTo(limits.clock.instant());
            assertThat(StandardCharsets.UTF_8
                            .decode(Objects.requireNonNull(event.getData()))
                            .toString())
                    .isEqualTo("{\"limit\":\"hour\",\"group\":\"events\",\"window\":\"hour\",\"mode\":\"enforce\","
                            + "\"tier\":\"small\",\"quota\":10,\"used\":8,\"windowStart\":\"" + start
                            + "\",\"windowEnd\":\"" + start.plus(Duration.ofHours(1)) + "\"}");
        });
        assertThat(limits.claims.lives.values())
                .allSatisfy(life -> assertThat(life).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(70)));
    }

    @Test
    void tellsOnceOverAllGateways() {
        QuotaWatch other = limits.watch(() -> false);
        spend(limits.quotas, 8);
        spend(other, 1);
        spend(other, 1);
        spend(limits.quotas, 1);
        assertThat(types()).containsExactly("quota.warning", "quota.exhausted");
    }

    @Test
    void triesAgainLaterWhenNobodyCouldTellWhoIsFirst() {
        limits.claims.fails = true;
        spend(limits.quotas, 8);
        spend(limits.quotas, 1);
        assertThat(limits.claims.asked).isEqualTo(1);
        limits.claims.fails = false;
        limits.clock.advance(Duration.ofSeconds(5));
        spend(limits.quotas, 1);
        assertThat(types()).containsExactly("quota.exhausted");
    }

    @Test
    void asksNobodyWhileRedisIsAway() {
        QuotaWatch watch = limits.watch(() -> true);
        spend(watch, 8);
        assertThat(limits.claims.asked).isZero();
        assertThat(limits.events).isEmpty();
    }

    @Test
    void saysNothingOfThePartThatAGatewayHasAlone() {
        List<Limit> whole = limits.catalogue.of(ACME).of("events");
        List<Limit> parts = whole.stream().map(limit -> limit.sharedBy(4)).toList();
        LimitDecision decision = LimitDecision.decide(parts, Limits.unused(parts), 2, now());
        limits.quotas.see(ACME, whole, decision);
        assertThat(limits.events).isEmpty();
    }

    @Test
    void tellsOfALeasedQuotaWhicheverListItWasLeasedFor() {
        limits.key("key-b", "acme", LimitFixture.rule("charts-hour", "charts", LimitWindow.HOUR, 5));
        List<Limit> ofTenant = limits.catalogue.of(ACME).named("month");
        List<Limit> ofKey = limits.catalogue
                .of(LimitFixture.caller("acme", "key-b", "small"))
                .named("month");
        assertThat(ofKey.getFirst()).isEqualTo(ofTenant.getFirst()).isNotSameAs(ofTenant.getFirst());
        spend(ofTenant, 700);
        assertThat(limits.events).isEmpty();
        spend(ofKey, 150);
        assertThat(types()).containsExactly("quota.warning");
    }

    @Test
    void findsTheSameWindowWhateverTheClockSaysOfItsEdges() {
        List<Limit> hour = limits.catalogue.of(ACME).named("hour");
        for (String time : List.of("2026-01-01T12:59:50Z", "2026-01-01T13:00:10Z", "2026-01-01T12:31:00Z")) {
            LimitUse use = new LimitUse(hour.getFirst(), false, 9, 1, 3_600, 5_000_000, 0);
            CalendarWindow window = (CalendarWindow) hour.getFirst().algorithm();
            QuotaNotice notice = QuotaNotice.of(QuotaNotice.Kind.WARNING, use, window, Limits.micros(time));
            assertThat(notice.windowStart()).isEqualTo(Instant.parse("2026-01-01T12:00:00Z"));
        }
    }

    private void spend(List<Limit> leased, long cost) {
        limits.quotas.see(
                ACME,
                leased,
                Objects.requireNonNull(
                        limits.limiter.decide("acme", leased, cost).block()));
    }

    private void spend(QuotaWatch watch, long cost) {
        List<Limit> group = limits.catalogue.of(ACME).of("events");
        LimitDecision decision = Objects.requireNonNull(
                limits.limiter.decide("acme", group, cost).block());
        watch.see(ACME, group, decision);
    }

    private List<String> types() {
        return limits.events.stream().map(event -> event.getValue().getType()).toList();
    }

    private long now() {
        return CalendarWindow.micros(limits.clock.instant());
    }
}
