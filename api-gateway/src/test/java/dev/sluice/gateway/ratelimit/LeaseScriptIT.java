package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The script on a real Redis does to leases what the plain ledger does. */
class LeaseScriptIT {

    private static final long LIFE = 2_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Random random = Randomness.seeded();
    private final RedisClients clients =
            new RedisClients(LocalRedis.shared().host(), LocalRedis.shared().port());
    private final RedisSharedLimits limits = clients.limits();
    private final String tenant = "tenant-" + UUID.randomUUID();

    @AfterEach
    void disconnect() {
        clients.close();
    }

    @Test
    void grantsAndTakesBackExactlyAsThePlainLedgerDoes() {
        for (int run = 0; run < 40; run++) {
            List<Limit> rules = Limits.random(random);
            String someone = tenant + "-" + run;
            LeaseLedger ledger = new LeaseLedger();
            long now = random.nextLong(Limits.micros("2000-01-01T00:00:00Z"), Limits.micros("2099-01-01T00:00:00Z"));
            long born = 0;
            for (int i = 0; i < 60; i++) {
                now += Limits.randomStep(random);
                String time = Long.toString(now);
                if (random.nextInt(3) == 0) {
                    long cost = random.nextInt(4);
                    assertThat(limits.decideAt(time, someone, rules, cost).block(PATIENCE))
                            .as("run %d step %d of %s", run, i, rules)
                            .isEqualTo(ledger.decide(rules, cost, now));
                    continue;
                }
                LeaseCall call = call(rules, now, born);
                LeaseReply expected = ledger.lease(call, now);
                assertThat(limits.leaseAt(time, someone, call).block(PATIENCE))
                        .as("run %d step %d of %s: %s", run, i, rules, call)
                        .isEqualTo(expected);
                born = random.nextInt(5) == 0 ? random.nextInt(2) : expected.born();
            }
        }
    }

    private LeaseCall call(List<Limit> rules, long now, long born) {
        List<LeaseCall.Line> lines = new ArrayList<>();
        for (Limit rule : rules) {
            long since = rule.algorithm() instanceof CalendarWindow window
                    ? random.nextInt(4) == 0 ? 0 : window.period().startOf(now - random.nextInt(2) * 1_000_000L)
                    : 0;
            long need = random.nextInt(3);
            lines.add(new LeaseCall.Line(
                    rule,
                    since,
                    random.nextInt(10),
                    random.nextInt(10),
                    random.nextInt(10),
                    need,
                    random.nextInt(4) == 0 ? 0 : need + random.nextInt(10),
                    random.nextLong(20) * (rule.algorithm() instanceof Gcra ? 1_000_000 : 1)));
        }
        String holder = "holder" + random.nextInt(3);
        LeaseCall.Recount recount = random.nextBoolean()
                ? LeaseCall.Recount.NONE
                : new LeaseCall.Recount(random.nextInt(1, 3), random.nextLong(1_000));
        return new LeaseCall(holder, random.nextLong(1_000), born, random.nextLong(3_000_000), recount, lines);
    }

    @Test
    void tellsCountsOfOneTenantThatCannotBeUsedFromARedisThatCannot() {
        clients.spoil(RedisSharedLimits.keyOf(tenant));
        assertThatThrownBy(() ->
                        limits.decide(tenant, List.of(Limits.daily(10)), 1).block(PATIENCE))
                .isInstanceOf(TenantCountsException.class);
    }

    /** Of a gateway that was killed. */
    @Test
    void takesALeaseThatNobodySpeaksForAsSpentWhenItsLifeIsOver() {
        long now = Limits.micros("2026-05-01T12:00:00Z");
        List<Limit> rules = List.of(Limits.rate(100, 1_000), Limits.daily(1_000));
        limits.leaseAt(Long.toString(now), tenant, call("killed", rules, 400)).block(PATIENCE);
        // Held, it does not drain.
        assertThat(usedAfter(now + LIFE - 1, rules, 0)).containsExactly(400L, 400L);
        assertThat(usedAfter(now + LIFE, rules, 1)).containsExactly(401L, 401L);
        // Of a rate it drains like all that was spent; of a window it stays used.
        assertThat(usedAfter(now + LIFE + 1_000_000, rules, 0)).containsExactly(301L, 401L);
        LeaseReply reply = limits.leaseAt(Long.toString(now + LIFE + 1_000_000), tenant, call("other", rules, 500))
                .blockOptional(PATIENCE)
                .orElseThrow();
        assertThat(reply.lines())
                .as("nobody waits for the killed one to give something back")
                .allSatisfy(line -> assertThat(line.held()).isEqualTo(500));
    }

    private List<Long> usedAfter(long now, List<Limit> rules, long cost) {
        return limits
                .decideAt(Long.toString(now), tenant, rules, cost)
                .blockOptional(PATIENCE)
                .orElseThrow()
                .uses()
                .stream()
                .map(LimitUse::used)
                .toList();
    }

    private static LeaseCall call(String holder, List<Limit> rules, long need) {
        return new LeaseCall(
                holder,
                1,
                0,
                LIFE,
                rules.stream()
                        .map(rule -> new LeaseCall.Line(rule, 0, 0, 0, 0, need, need))
                        .toList());
    }

    @Test
    void keepsTheHashForAsLongAsALeaseMayComeBack() {
        long now = Limits.micros("2026-05-01T12:00:00Z");
        LeaseCall.Line line = new LeaseCall.Line(Limits.of("rate", new Gcra(10, 10), Mode.ENFORCE), 0, 0, 0, 0, 3, 3);
        limits.leaseAt(Long.toString(now), tenant, new LeaseCall("one", 1, 0, 60_000_000, List.of(line)))
                .block(PATIENCE);
        assertThat(clients.ttl(RedisSharedLimits.keyOf(tenant)))
                .isBetween(Duration.ofSeconds(55), Duration.ofSeconds(62));
    }
}
