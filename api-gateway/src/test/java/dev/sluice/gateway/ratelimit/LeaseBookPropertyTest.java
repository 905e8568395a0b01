package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.ratelimit.CalendarWindow.Period;
import dev.sluice.gateway.ratelimit.LeaseSimulation.Admitted;
import dev.sluice.gateway.ratelimit.LeaseSimulation.Weather;
import dev.sluice.gateway.ratelimit.Limit.Mode;
import dev.sluice.platform.test.Randomness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All gateways together against a list of all that they admitted. */
class LeaseBookPropertyTest {

    private static final long SECOND = 1_000_000;
    /** Ten seconds before the end of a minute, an hour, a day and a month. */
    private static final long START = Limits.micros("2026-01-31T23:59:50Z");

    /** Takes much, keeps it for long and gives nothing back by itself: what a lease can do wrong, it does here. */
    private static final LeaseTerms SLUGGISH = new LeaseTerms(300_000, 300_000, 3_000_000, 25_000, 1_000_000);

    private final Random random = Randomness.seeded();

    @Test
    void neverAdmitsMoreThanALimitWhateverIsLostLateOrCrashes() {
        for (int run = 0; run < 150; run++) {
            int gateways = random.nextInt(1, 6);
            List<Limit> all = randomLimits();
            Weather weather = new Weather(
                    random.nextLong(50, 2_000),
                    random.nextBoolean() ? 0 : random.nextDouble(0.3),
                    random.nextBoolean() ? 0 : random.nextDouble(5));
            LeaseTerms terms = random.nextBoolean() ? LeaseTerms.DEFAULT : SLUGGISH;
            LeaseSimulation world = new LeaseSimulation(gateways, weather, terms, START, random);
            long length = 14 * SECOND;
            int bursts = random.nextInt(1, 12);
            for (int i = 0; i < bursts; i++) {
                offerBurst(world, gateways, all, START + random.nextLong(length), random.nextInt(50, 600));
            }
            world.runUntil(START + length + 3 * SECOND);
            for (Limit limit : all) {
                List<Admitted> covered = world.admitted.stream()
                        .filter(one -> one.limits().contains(limit))
                        .toList();
                assertNeverMoreThan(limit, covered);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.25, 0.97})
    void admitsTheWholeQuotaWithHardlyACallWhenMoreIsAskedFor(double firstGatewaysPart) {
        Limit quota = Limits.of("quota", new CalendarWindow(Period.DAY, 20_000), Mode.ENFORCE);
        LeaseSimulation world =
                new LeaseSimulation(4, Weather.FAIR, LeaseTerms.DEFAULT, Limits.micros("2026-01-31T12:00:00Z"), random);
        long start = Limits.micros("2026-01-31T12:00:00Z");
        for (int i = 0; i < 30_000; i++) {
            int gateway = random.nextDouble() < firstGatewaysPart ? 0 : random.nextInt(1, 4);
            world.request(start + random.nextLong(2 * SECOND), gateway, List.of(quota), 1);
        }
        // Stragglers find what was given back at the very end.
        for (int i = 0; i < 200; i++) {
            world.request(start + 2 * SECOND + i * 20_000L, i % 4, List.of(quota), 1);
        }
        world.runUntil(start + 8 * SECOND);
        assertThat(world.admittedUnits()).isEqualTo(20_000);
        assertThat((double) world.ledger.calls() / world.requests()).isLessThanOrEqualTo(0.02);
    }

    @Test
    void sustainsARateWithHardlyACallWhenMoreIsAskedFor() {
        Limit rate = Limits.rate(10_000, 10_000);
        LeaseSimulation world = new LeaseSimulation(4, Weather.FAIR, LeaseTerms.DEFAULT, START, random);
        for (int i = 0; i < 60_000; i++) {
            world.request(START + random.nextLong(4 * SECOND), random.nextInt(4), List.of(rate), 1);
        }
        world.runUntil(START + 5 * SECOND);
        assertNeverMoreThan(rate, sampled(world.admitted));
        assertThat(world.admittedUnits()).isBetween(48_000L, 50_000L);
        assertThat((double) world.ledger.calls() / world.requests()).isLessThanOrEqualTo(0.02);
    }

    @Test
    void leavesNothingStrandedWhenAllIsGivenBack() {
        Limit quota = Limits.of("quota", new CalendarWindow(Period.DAY, 5_000), Mode.ENFORCE);
        long start = Limits.micros("2026-01-31T12:00:00Z");
        LeaseSimulation world = new LeaseSimulation(3, Weather.FAIR, LeaseTerms.DEFAULT, start, random);
        for (int i = 0; i < 3_000; i++) {
            world.request(start + random.nextLong(SECOND), i % 3, List.of(quota), 1);
        }
        world.runUntil(start + SECOND);
        world.gateways.forEach(LeaseSimulation.Gateway::close);
        world.runUntil(start + 2 * SECOND);
        LimitDecision seen = world.ledger.decide(List.of(quota), 1, start + 2 * SECOND);
        assertThat(seen.uses().getFirst().used()).isEqualTo(world.admittedUnits() + 1);
    }

    private List<Limit> randomLimits() {
        List<Limit> limits = new ArrayList<>();
        int count = random.nextInt(1, 4);
        for (int i = 0; i < count; i++) {
            Algorithm algorithm = random.nextBoolean()
                    ? new Gcra(random.nextInt(1, random.nextBoolean() ? 400 : 4_000), random.nextInt(5, 400))
                    : new CalendarWindow(Limits.oneOf(random, Period.values()), random.nextInt(5, 1_500));
            limits.add(Limits.of("limit-" + i, algorithm, Mode.ENFORCE));
        }
        return limits;
    }

    private void offerBurst(LeaseSimulation world, int gateways, List<Limit> all, long from, int count) {
        List<Limit> some = all.subList(0, random.nextInt(1, all.size() + 1));
        long length = random.nextLong(1, random.nextBoolean() ? 2 * SECOND : 50_000);
        int favourite = random.nextInt(gateways);
        boolean skewed = random.nextBoolean();
        for (int i = 0; i < count; i++) {
            int gateway = skewed && random.nextInt(20) > 0 ? favourite : random.nextInt(gateways);
            world.request(from + random.nextLong(length), gateway, some, random.nextInt(1, 4));
        }
    }

    private static List<Admitted> sampled(List<Admitted> admitted) {
        // Adding up neighbours keeps every stretch between the sampled moments whole.
        Map<Long, Long> byMillisecond = new HashMap<>();
        admitted.forEach(one -> byMillisecond.merge(one.at() / 1_000 * 1_000, one.cost(), Long::sum));
        return byMillisecond.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Admitted(entry.getKey() + 999, entry.getValue(), List.of()))
                .toList();
    }

    private static void assertNeverMoreThan(Limit limit, List<Admitted> admitted) {
        switch (limit.algorithm()) {
            case Gcra(long quota, long burst) -> assertNoStretchIsOver(admitted, quota, burst);
            case CalendarWindow window -> {
                Map<Long, Long> sums = new HashMap<>();
                admitted.forEach(one -> sums.merge(window.period().startOf(one.at()), one.cost(), Long::sum));
                assertThat(sums.values()).allSatisfy(sum -> assertThat(sum).isLessThanOrEqualTo(window.quota()));
            }
        }
    }

    private static void assertNoStretchIsOver(List<Admitted> admitted, long quota, long burst) {
        for (int from = 0; from < admitted.size(); from++) {
            long sum = 0;
            for (int to = from; to < admitted.size(); to++) {
                sum += admitted.get(to).cost();
                long elapsed = admitted.get(to).at() - admitted.get(from).at();
                if (sum * SECOND > burst * SECOND + elapsed * quota) {
                    assertThat(sum)
                            .as("admitted in %d µs at %d/s with a burst of %d", elapsed, quota, burst)
                            .isLessThanOrEqualTo(burst + elapsed * quota / SECOND);
                }
            }
        }
    }
}
