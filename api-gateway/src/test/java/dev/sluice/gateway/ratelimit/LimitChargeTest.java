package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.gateway.ratelimit.Limit.OnRedisLoss;
import dev.sluice.gateway.ratelimit.LimitCharge.Window;
import dev.sluice.platform.test.Randomness;
import dev.sluice.record.ChargedLimit;
import dev.sluice.record.LimitWindow;
import dev.sluice.record.RequestBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LimitChargeTest {

    private static final long NOON = Limits.micros("2026-05-01T12:00:00Z");

    private final Random random = Randomness.seeded();

    /** Against what is remembered of the limits themselves, for gateways whose clocks are wrong by up to 29 minutes. */
    @Test
    void tellsOfEachWindowWhatItsLimitWasCharged() {
        for (int run = 0; run < 200; run++) {
            List<Limit> limits = Limits.random(random);
            List<LimitState> states = Limits.unused(limits);
            List<List<LimitCharge>> told = new ArrayList<>();
            Map<Window, Long> charged = new HashMap<>();
            long now = random.nextLong(Limits.micros("2000-01-01T00:00:00Z"), Limits.micros("2099-01-01T00:00:00Z"));
            for (int i = 0; i < 60; i++) {
                now += Limits.randomStep(random);
                long cost = random.nextInt(4);
                LimitDecision made = LimitDecision.decide(limits, states, cost, now);
                told.add(chargesOf(limits, made, cost, now + random.nextLong(-1_740_000_000L, 1_740_000_000L)));
                for (int j = 0; j < limits.size(); j++) {
                    LimitState before = limits.get(j).algorithm().settle(states.get(j), now);
                    LimitState after = made.after().get(j);
                    long difference = after.amount() - before.amount();
                    if (limits.get(j).algorithm() instanceof CalendarWindow window
                            && window.period() != Period.MINUTE
                            && difference > 0) {
                        charged.merge(
                                new Window(limits.get(j).name(), window.period(), after.since()),
                                difference,
                                Long::sum);
                    }
                }
                states = made.after();
            }
            assertThat(LimitCharge.sum(told)).as("run %d of %s", run, limits).isEqualTo(charged);
        }
    }

    @Test
    void tellsOfALimitThatHasNoSayAlsoBecauseItIsOwed() {
        Limit open = Limits.onRedisLoss(Limits.daily(10), OnRedisLoss.OPEN);
        LimitDecision alone = new LimitDecision(Verdict.ADMITTED, List.of(), List.of());
        assertThat(chargesOf(List.of(open), alone, 3, NOON))
                .containsExactly(new LimitCharge("day", Period.DAY, NOON, 3));
    }

    @Test
    void findsWhatALimitSaidAmongThoseThatHaveASay() {
        Limit open = Limits.onRedisLoss(
                Limits.of("open", new CalendarWindow(Period.MONTH, 10), Mode.ENFORCE), OnRedisLoss.OPEN);
        Limit shadow = Limits.of("shadow", new CalendarWindow(Period.DAY, 1), Mode.SHADOW);
        LimitDecision alone = LimitDecision.decide(List.of(shadow), List.of(LimitState.NONE), 2, NOON);
        assertThat(alone.verdict()).isEqualTo(Verdict.SHADOW_EXCEEDED);
        assertThat(chargesOf(List.of(open, shadow), alone, 2, NOON))
                .extracting(LimitCharge::limit)
                .containsExactly("open");
    }

    @Test
    void saysNothingOfRefusals() {
        List<Limit> limits = List.of(Limits.daily(1));
        LimitDecision refused = LimitDecision.decide(limits, List.of(LimitState.NONE), 2, NOON);
        assertThat(chargesOf(limits, refused, 2, NOON)).isEmpty();
    }

    @Test
    void isOneEntryForEachWindowOnTheLog() {
        LimitCharge one = new LimitCharge("day", Period.DAY, NOON, 1);
        LimitCharge hour = new LimitCharge("hour@key", Period.HOUR, NOON + 1, 5);
        RequestBatch batch = ChargePublisher.batchOf(
                "acme", "gateway-1", List.of(List.of(one, hour), List.of(one), List.of(hour)), Instant.EPOCH);
        assertThat(batch.getTenant()).isEqualTo("acme");
        assertThat(batch.getEntries()).isEmpty();
        assertThat(batch.getCharges())
                .containsExactly(
                        new ChargedLimit("day", LimitWindow.DAY, Instant.parse("2026-05-01T00:00:00Z"), 2L),
                        new ChargedLimit("hour@key", LimitWindow.HOUR, Instant.parse("2026-05-01T12:00:00Z"), 10L));
    }

    private static List<LimitCharge> chargesOf(List<Limit> limits, LimitDecision made, long cost, long now) {
        List<LimitCharge> charges = new ArrayList<>();
        LimitCharge.tell(
                "acme",
                limits,
                made,
                cost,
                now,
                (tenant, limit, period, inside, charged) ->
                        charges.add(new LimitCharge(limit, period, inside, charged)));
        return charges;
    }
}
