package dev.sluice.gateway.ratelimit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service asks of the limits: each item by itself, in their order. */
record LimitQuestions(List<@Nullable Item> items) {

    /** More would hold up others, with a call of Redis for each. */
    static final int MAX_ITEMS = 100;

    /**
     * One thing that somebody wants to do.
     *
     * @param tenant whose limits count; the caller's when left out, or that of the key
     * @param key id of the API key that it is done with; the limits of the key count then. The caller's when neither is
     *     named
     * @param group the route group that it counts in: all limits that cover it are asked
     * @param limit one limit by its name, in place of a group
     * @param cost cost units; what the tier says of the group, or 1 for a limit, when left out. 0 only looks
     */
    record Item(
            @Nullable String tenant,
            @Nullable String key,
            @Nullable String group,
            @Nullable String limit,
            @Nullable Long cost) {}
}
