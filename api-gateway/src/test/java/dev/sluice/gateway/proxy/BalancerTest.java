package dev.sluice.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.proxy.Balancer.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BalancerTest {

    private final RandomGenerator random = new SplittableRandom(20261121);

    @Test
    void choosesNobodyWhenNobodyHasAWeight() {
        assertThat(Balancer.choose(List.of(), random)).isEmpty();
        assertThat(Balancer.choose(List.of(new Candidate(0, 0, 0)), random)).isEmpty();
    }

    @Test
    void choosesTheOneWithTheFewestRequestsForItsWeight() {
        assertThat(Balancer.choose(List.of(new Candidate(0, 1, 3), new Candidate(1, 1, 2)), random))
                .hasValue(1);
        assertThat(Balancer.choose(List.of(new Candidate(0, 4, 6), new Candidate(1, 1, 1)), random))
                .hasValue(0);
        assertThat(Balancer.choose(List.of(new Candidate(0, 0, 0), new Candidate(7, 1, 90)), random))
                .hasValue(7);
    }

    @Test
    void letsEqualsShareByWeight() {
        // With this request, each of them would have one for each unit of its weight.
        List<Candidate> equals = List.of(new Candidate(0, 1, 0), new Candidate(1, 2, 1), new Candidate(2, 5, 4));
        int[] chosen = new int[3];
        for (int i = 0; i < 80_000; i++) {
            chosen[Balancer.choose(equals, random).orElseThrow()]++;
        }
        // Five standard deviations of a binomial distribution are below 710.
        assertThat(chosen[0]).isBetween(9_290, 10_710);
        assertThat(chosen[1]).isBetween(19_290, 20_710);
        assertThat(chosen[2]).isBetween(49_290, 50_710);
    }

    @Test
    void choosesAsAComparisonOfFractionsWould() {
        for (int round = 0; round < 20_000; round++) {
            List<Candidate> candidates = new ArrayList<>();
            int count = random.nextInt(1, 6);
            for (int i = 0; i < count; i++) {
                candidates.add(new Candidate(i, random.nextInt(0, 5), random.nextInt(0, 8)));
            }
            double least = candidates.stream()
                    .filter(candidate -> candidate.weight() > 0)
                    .mapToDouble(BalancerTest::load)
                    .min()
                    .orElse(-1);
            assertThat(Balancer.choose(candidates, random)
                            .map(candidates::get)
                            .map(BalancerTest::load)
                            .orElse(-1.0))
                    .isEqualTo(least);
        }
    }

    private static double load(Candidate candidate) {
        return (candidate.outstanding() + 1.0) / candidate.weight();
    }
}
