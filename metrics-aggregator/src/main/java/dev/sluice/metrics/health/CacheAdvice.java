package dev.sluice.metrics.health;

import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.ReadOutcome;
import java.util.List;
import java.util.Locale;

/**
 * What to do about a pattern that is often missed: from what was measured where that says something, else what helps patterns of its
 * family in general. Pure.
 *
 * @param recommendation a sentence for people, with the figures it rests on
 * @param basis {@code measured} or {@code general}
 */
public record CacheAdvice(String recommendation, String basis) {
    private static final String MEASURED = "measured";
    private static final String GENERAL = "general";

    /** Fewer reads say nothing about how often keys come back. */
    private static final long LEAST_READS = 20;

    private static final double MANY_ERRORS = 0.1;
    private static final double MOSTLY_ONCE = 0.7;

    /** As often is a key missed, on average, before its entries are called short-lived. */
    private static final double OFTEN_MISSED = 2;

    private record Family(List<String> words, String advice) {}

    private static final List<Family> FAMILIES = List.of(
            new Family(
                    List.of("feed", "timeline"),
                    "Feeds are read again within minutes: give them a longer TTL, 10 minutes instead of 5."),
            new Family(
                    List.of("search", "query"),
                    "Searches seldom repeat word for word: make their keys broader (lower case, sorted parameters, fewer pages), or give them a longer TTL."),
            new Family(
                    List.of("product", "catalog", "item"),
                    "Products change seldom: review what invalidates them, and invalidate the one that changed rather than all."),
            new Family(
                    List.of("user", "profile", "account"),
                    "User profiles change seldom: give them a TTL of an hour or more, and invalidate them when they change."));

    private static final String ANY_FAMILY =
            "Look at the TTL first: it should be longer than the usual time between two reads of a key.";

    public static CacheAdvice of(String namespace, String pattern, CacheTally tally) {
        long reads = tally.reads();
        long errors = tally.count(ReadOutcome.ERROR);
        if (reads >= LEAST_READS && errors >= reads * MANY_ERRORS) {
            return measured(String.format(
                    Locale.ROOT,
                    "%.0f %% of %d reads failed: see to Redis and to the origin before anything else.",
                    100.0 * errors / reads,
                    reads));
        }
        long met = tally.keys().met();
        long different = tally.keys().estimate();
        if (met >= LEAST_READS && different > 0) {
            if (different >= met * MOSTLY_ONCE) {
                return measured(String.format(
                        Locale.ROOT,
                        "The keys are too varied: about %d different ones in %d reads, so most are read once and never again. Make the keys broader, or do not cache these.",
                        different,
                        met));
            }
            double missesOfAKey = (double) tally.misses() / reads * met / different;
            if (missesOfAKey >= OFTEN_MISSED) {
                return measured(String.format(
                        Locale.ROOT,
                        "About %d keys were missed %.1f times each: their entries end before they are read again. Give them a longer TTL, and see whether something invalidates them too often.",
                        different,
                        missesOfAKey));
            }
        }
        return general(namespace, pattern);
    }

    private static CacheAdvice general(String namespace, String pattern) {
        for (String named : List.of(pattern.toLowerCase(Locale.ROOT), namespace.toLowerCase(Locale.ROOT))) {
            for (Family family : FAMILIES) {
                if (family.words().stream().anyMatch(named::contains)) {
                    return new CacheAdvice(family.advice(), GENERAL);
                }
            }
        }
        return new CacheAdvice(ANY_FAMILY, GENERAL);
    }

    private static CacheAdvice measured(String recommendation) {
        return new CacheAdvice(recommendation, MEASURED);
    }
}
