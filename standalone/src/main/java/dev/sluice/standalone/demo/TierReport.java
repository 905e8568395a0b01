package dev.sluice.standalone.demo;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Where one tier's traffic stands.
 *
 * @param explained refusals with all that a caller needs to do better
 * @param policies every {@code RateLimit-Policy} that was seen; one when all is well
 * @param failures some of the answers that were neither an admission nor a refusal
 * @param elapsed from the first request to the last answer
 */
record TierReport(
        String tier,
        long sent,
        long admitted,
        long refused,
        long explained,
        Set<String> policies,
        Set<String> failures,
        Duration elapsed,
        Duration p50,
        Duration p99) {

    /** The limits that held; none when the answers did not agree. */
    List<LimitPolicy> limits() {
        return policies.size() == 1 ? LimitPolicy.parse(policies.iterator().next()) : List.of();
    }

    /** The most that its limits let through in the time; nothing when no limit was told. */
    long allowed() {
        return limits().stream().mapToLong(limit -> limit.mostIn(elapsed)).min().orElse(0);
    }
}
