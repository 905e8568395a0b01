package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.platform.test.LocalRedis;
import dev.sluice.platform.test.Randomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** The script on a real Redis: the same as the pure decision, and exact among gateways. */
class RedisSharedLimitsIT {

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
    void decidesAndRemembersExactlyAsThePureDecisionDoes() {
        for (int run = 0; run < 40; run++) {
            List<Limit> rules = Limits.random(random);
            String someone = tenant + "-" + run;
            List<LimitState> states = Limits.unused(rules);
            long now = random.nextLong(Limits.micros("2000-01-01T00:00:00Z"), Limits.micros("2099-01-01T00:00:00Z"));
            for (int i = 0; i < 60; i++) {
                // Now and then the clock is set back a little.
                now += random.nextInt(20) == 0 ? -random.nextLong(5_000) : Limits.randomStep(random);
                long cost = random.nextInt(4);
                LimitDecision expected = LimitDecision.decide(rules, states, cost, now);
                LimitDecision actual = limits.decideAt(Long.toString(now), someone, rules, cost)
                        .block(PATIENCE);
                assertThat(actual).as("run %d step %d of %s", run, i, rules).isEqualTo(expected);
                if (cost > 0 && expected.verdict().admits()) {
                    states = charged(states, expected);
                    assertThat(stored(someone, rules)).isEqualTo(states);
                }
            }
        }
    }

    /** What the script does not write, it finds again as it was. */
    private static List<LimitState> charged(List<LimitState> before, LimitDecision decision) {
        List<LimitState> after = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            LimitUse use = decision.uses().get(i);
            boolean written = !use.exceeded() || use.limit().mode() != Mode.SHADOW;
            after.add(written ? decision.after().get(i) : before.get(i));
        }
        return after;
    }

    private List<LimitState> stored(String someone, List<Limit> rules) {
        Map<String, String> fields = clients.fields(RedisSharedLimits.keyOf(someone));
        return rules.stream()
                .map(rule -> fields.getOrDefault(rule.name(), "0 0 0").split(" "))
                .map(parts -> new LimitState(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
                .toList();
    }

    @Test
    void admitsExactlyTheQuotaHoweverManyGatewaysAsk() {
        try (RedisClients second = new RedisClients(
                        LocalRedis.shared().host(), LocalRedis.shared().port());
                RedisClients third = new RedisClients(
                        LocalRedis.shared().host(), LocalRedis.shared().port())) {
            List<RedisSharedLimits> gateways = List.of(limits, second.limits(), third.limits());
            List<Limit> rules = List.of(
                    Limits.of("month", new CalendarWindow(Period.MONTH, 500), Mode.ENFORCE),
                    Limits.rate(1_000_000, 100_000));
            Long admitted = Flux.fromStream(IntStream.range(0, 1_500).boxed())
                    .flatMap(i -> gateways.get(i % 3).decide(tenant, rules, 1), 64)
                    .filter(decision -> decision.verdict().admits())
                    .count()
                    .block(PATIENCE);
            assertThat(admitted).isEqualTo(500);
        }
    }

    @Test
    void tellsTimeByRedisAlone() {
        LimitDecision first = decide(Limits.daily(10), 1);
        LimitDecision second = decide(Limits.daily(10), 1);
        assertThat(first.uses().getFirst().remaining()).isEqualTo(9);
        assertThat(second.uses().getFirst().remaining()).isEqualTo(8);
        assertThat(second.uses().getFirst().windowSeconds()).isEqualTo(86_400);
    }

    @Test
    void looksWithoutLeavingATrace() {
        assertThat(decide(Limits.daily(10), 0).uses().getFirst().remaining()).isEqualTo(10);
        assertThat(clients.fields(key())).isEmpty();
    }

    @Test
    void keepsTheHashForAsLongAsItsLongestWindow() {
        long lastMinute = Limits.micros("2026-05-01T23:59:00Z");
        at(lastMinute - 3_600_000_000L, Limits.daily(10));
        assertThat(clients.ttl(key())).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(62));
        at(lastMinute, Limits.rate(10, 10));
        assertThat(clients.ttl(key())).isGreaterThan(Duration.ofMinutes(59));
        at(lastMinute, Limits.of("month", new CalendarWindow(Period.MONTH, 1), Mode.ENFORCE));
        assertThat(clients.ttl(key())).isGreaterThan(Duration.ofDays(29));
    }

    @Test
    void clearsOutWhatExpiredWhenMoreAndMoreLimitsCome() {
        long now = Limits.micros("2026-05-01T00:00:00Z");
        for (int day = 0; day < 200; day++) {
            at(now + day * 86_400_000_000L, Limits.of("limit-" + day, new CalendarWindow(Period.DAY, 5), Mode.ENFORCE));
        }
        assertThat(clients.fields(key())).hasSizeLessThanOrEqualTo(33).containsKey("limit-199");
    }

    @Test
    void goesOnCountingAfterRedisForgotTheScript() {
        decide(Limits.daily(10), 1);
        clients.forgetScripts();
        assertThat(decide(Limits.daily(10), 1).uses().getFirst().used()).isEqualTo(2);
    }

    private void at(long now, Limit limit) {
        limits.decideAt(Long.toString(now), tenant, List.of(limit), 1).block(PATIENCE);
    }

    private LimitDecision decide(Limit limit, long cost) {
        return limits.decide(tenant, List.of(limit), cost)
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private String key() {
        return RedisSharedLimits.keyOf(tenant);
    }
}
