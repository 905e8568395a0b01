package dev.sluice.metrics.health;

import dev.sluice.metrics.tally.CacheTally;
import dev.sluice.metrics.tally.MissCause;
import dev.sluice.metrics.tally.ReadOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

    /** Such a part of the misses that have a known cause makes it the one to see to. */
    private static final double MOST = 0.5;

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
        for (CacheAdvice advice : Arrays.asList(tooVaried(tally), byCause(tally), missedAgain(tally))) {
            if (advice != null) {
                return advice;
            }
        }
        return general(namespace, pattern);
    }

    private static @Nullable CacheAdvice tooVaried(CacheTally tally) {
        long met = tally.keys().met();
        long different = tally.keys().estimate();
        return met < LEAST_READS || different < met * MOSTLY_ONCE
                ? null
                : measured(String.format(
                        Locale.ROOT,
                        "The keys are too varied: about %d different ones in %d reads, so most are read once and never again. Make the keys broader, or do not cache these.",
                        different,
                        met));
    }

    private static @Nullable CacheAdvice missedAgain(CacheTally tally) {
        long met = tally.keys().met();
        long different = tally.keys().estimate();
        if (met < LEAST_READS || different == 0) {
            return null;
        }
        double missesOfAKey = (double) tally.misses() / tally.reads() * met / different;
        return missesOfAKey < OFTEN_MISSED
                ? null
                : measured(String.format(
                        Locale.ROOT,
                        "About %d keys were missed %.1f times each: their entries end before they are read again. Give them a longer TTL, and see whether something invalidates them too often.",
                        different,
                        missesOfAKey));
    }

    /** Null when too few misses have a cause that is known, or no cause is that of most. */
    private static @Nullable CacheAdvice byCause(CacheTally tally) {
        long known = tally.misses() - tally.count(MissCause.UNEXPLAINED);
        if (known < LEAST_READS) {
            return null;
        }
        for (MissCause cause : MissCause.values()) {
            long count = tally.count(cause);
            String remedy = remedy(cause);
            if (remedy != null && count > known * MOST) {
                return measured(String.format(
                        Locale.ROOT, "%.0f %% of %d misses were %s", 100.0 * count / known, known, remedy));
            }
        }
        return null;
    }

    private static @Nullable String remedy(MissCause cause) {
        return switch (cause) {
            case COLD ->
                "of values that nobody had put before: warm what is known to be asked for, or make the keys broader.";
            case EXPIRED -> "of values that had expired: give them a longer TTL, or let them be refreshed early.";
            case EVICTED ->
                "of values that were gone before their time: Redis has too little memory for them (see evicted_keys of cache/info), or was emptied.";
            case INVALIDATED ->
                "of values that had been removed or purged: review what invalidates them, and remove the one that changed rather than all.";
            case UNEXPLAINED -> null;
        };
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
