package dev.sluice.standalone.demo;

import java.util.List;

/**
 * What one tier's caller got of a product that its tier has a daily quota of.
 *
 * @param quota how many requests a day the tier has, as the catalogue of tiers says
 * @param told the quotas that the answers told; one when all is well
 * @param admitted answered by the product
 * @param refused answered 429 for the quota
 * @param failures some of the answers that were neither
 */
record ProductTally(String tier, long quota, List<Long> told, long admitted, long refused, List<String> failures) {

    ProductTally {
        told = List.copyOf(told);
        failures = List.copyOf(failures);
    }

    Check check() {
        // A day may end, and the next one begin, between two requests.
        boolean held = admitted + refused > 0 && admitted <= 2 * quota;
        boolean right = failures.isEmpty() && told.equals(List.of(quota));
        String figure = "%d admitted%s, quota %s"
                .formatted(
                        admitted,
                        refused > 0 ? ", then 429" : "",
                        failures.isEmpty() ? told : String.join("; ", failures));
        return Check.that(tier + ": readings within its daily quota", held && right, figure);
    }
}
