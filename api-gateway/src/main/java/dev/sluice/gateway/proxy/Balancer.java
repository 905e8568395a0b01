package dev.sluice.gateway.proxy;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Chooses among targets the one with the fewest requests under way for its weight; equals share by lot. Pure. */
final class Balancer {

    /**
     * A target that may be chosen.
     *
     * @param index in the route
     * @param weight its share; none when 0
     * @param outstanding how many requests it has under way
     */
    record Candidate(int index, int weight, int outstanding) {}

    private Balancer() {}

    /** The index of the chosen one; empty when none may be. */
    static Optional<Integer> choose(List<Candidate> candidates, RandomGenerator random) {
        Candidate best = null;
        long lots = 0;
        for (Candidate candidate : candidates) {
            if (candidate.weight() <= 0) {
                continue;
            }
            int order = best == null ? -1 : compareLoads(candidate, best);
            if (order < 0) {
                best = candidate;
                lots = candidate.weight();
            } else if (order == 0) {
                lots += candidate.weight();
                // Each of the equals ends up chosen by its weight: reservoir sampling.
                best = random.nextLong(lots) < candidate.weight() ? candidate : best;
            }
        }
        return best == null ? Optional.empty() : Optional.of(best.index());
    }

    /** Compares (outstanding + 1) / weight without dividing: what the load would be with this request. */
    private static int compareLoads(Candidate a, Candidate b) {
        return Long.compare((a.outstanding() + 1L) * b.weight(), (b.outstanding() + 1L) * a.weight());
    }
}
