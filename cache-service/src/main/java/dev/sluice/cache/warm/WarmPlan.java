package dev.sluice.cache.warm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job is to do, as it stands on the log.
 *
 * @param keys in the order in which they are taken; empty until they are known
 * @param url where the origin has the keys; empty for another strategy
 * @param limit most keys that are looked for
 * @param concurrency most keys that are under way at once
 * @param perSecond most keys that are begun in a second
 */
record WarmPlan(
        String namespace,
        WarmStrategy strategy,
        Optional<List<String>> keys,
        String url,
        int limit,
        int concurrency,
        int perSecond) {

    private static final String NAMESPACE = "namespace";
    private static final String STRATEGY = "strategy";
    static final String KEYS = "keys";
    private static final String URL = "url";
    private static final String LIMIT = "limit";
    private static final String CONCURRENCY = "concurrency";
    private static final String PER_SECOND = "perSecond";

    /** No key has one: they have no control characters. */
    private static final String BETWEEN_KEYS = "\n";

    WarmPlan {
        keys = keys.map(List::copyOf);
    }

    static WarmPlan of(Map<String, String> parameters) {
        return new WarmPlan(
                parameters.getOrDefault(NAMESPACE, ""),
                WarmStrategy.of(parameters.getOrDefault(STRATEGY, "")).orElse(WarmStrategy.LIST),
                Optional.ofNullable(parameters.get(KEYS))
                        .map(text -> text.isEmpty() ? List.of() : List.of(text.split(BETWEEN_KEYS, -1))),
                parameters.getOrDefault(URL, ""),
                Integer.parseInt(parameters.getOrDefault(LIMIT, "0")),
                Integer.parseInt(parameters.getOrDefault(CONCURRENCY, "1")),
                Integer.parseInt(parameters.getOrDefault(PER_SECOND, "1")));
    }

    Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>();
        parameters.put(NAMESPACE, namespace);
        parameters.put(STRATEGY, strategy.text());
        keys.ifPresent(known -> parameters.put(KEYS, String.join(BETWEEN_KEYS, known)));
        parameters.put(URL, url);
        parameters.put(LIMIT, Integer.toString(limit));
        parameters.put(CONCURRENCY, Integer.toString(concurrency));
        parameters.put(PER_SECOND, Integer.toString(perSecond));
        return parameters;
    }

    /** The keys are to be looked for, at each run anew. */
    boolean looksForKeys() {
        return strategy != WarmStrategy.LIST;
    }

    WarmPlan withKeys(List<String> known) {
        return new WarmPlan(namespace, strategy, Optional.of(known), url, limit, concurrency, perSecond);
    }
}
