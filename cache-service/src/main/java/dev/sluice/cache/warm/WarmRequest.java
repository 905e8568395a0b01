package dev.sluice.cache.warm;

import dev.sluice.cache.namespace.KeyRules;
import dev.sluice.cache.origin.Origin;
import dev.sluice.cache.origin.Origins;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request to warm a namespace, as it was sent. */
public record WarmRequest(
        String namespace,
        String strategy,
        @Nullable List<String> keys,
        @Nullable String url,
        @Nullable Long limit,
        @Nullable Long concurrency,
        @Nullable Long perSecond,
        @Nullable Boolean atStart) {

    static final int MAX_KEYS = 10_000;
    /** All keys of a job are one record on the log. */
    static final int MAX_KEY_BYTES = 512 * 1024;

    private static final int USUAL_LIMIT = 1_000;
    private static final int MAX_CONCURRENCY = 64;
    private static final int USUAL_CONCURRENCY = 8;
    private static final int MAX_PER_SECOND = 5_000;
    private static final int USUAL_PER_SECOND = 200;

    /** What is to be done. Refuses what cannot be. */
    WarmPlan plan(Optional<Origin> origin) {
        if (!KeyRules.isNamespace(namespace)) {
            throw invalid("namespace", KeyRules.NAMESPACE_REMEDY);
        }
        WarmStrategy wanted =
                WarmStrategy.of(strategy).orElseThrow(() -> invalid("strategy", "Send list, origin or log."));
        requireOnly(wanted);
        return new WarmPlan(
                namespace,
                wanted,
                wanted == WarmStrategy.LIST ? Optional.of(listed()) : Optional.empty(),
                wanted == WarmStrategy.ORIGIN ? atOrigin(origin) : "",
                within("limit", limit, USUAL_LIMIT, MAX_KEYS),
                within("concurrency", concurrency, USUAL_CONCURRENCY, MAX_CONCURRENCY),
                within("perSecond", perSecond, USUAL_PER_SECOND, MAX_PER_SECOND));
    }

    private void requireOnly(WarmStrategy wanted) {
        if (keys != null && wanted != WarmStrategy.LIST) {
            throw invalid("keys", "Leave the keys out, or send the strategy list.");
        }
        if (url != null && wanted != WarmStrategy.ORIGIN) {
            throw invalid("url", "Leave the URL out, or send the strategy origin.");
        }
        if (limit != null && wanted == WarmStrategy.LIST) {
            throw invalid("limit", "Leave the limit out: all keys of a list are taken.");
        }
    }

    private List<String> listed() {
        if (keys == null) {
            throw ProblemException.ofField(ProblemType.MISSING_FIELD, "keys", "Send the keys of the list.");
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw invalid("keys", "Send 1 to " + MAX_KEYS + " keys.");
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!KeyRules.isKey(keys.get(i))) {
                throw invalid("keys[" + i + "]", KeyRules.KEY_REMEDY);
            }
        }
        List<String> distinct = keys.stream().distinct().toList();
        if (bytes(distinct) > MAX_KEY_BYTES) {
            throw invalid(
                    "keys", "Send keys of at most " + MAX_KEY_BYTES + " bytes together; the rest in another job.");
        }
        return distinct;
    }

    /** Requests to a list carry the credentials of the origin, so it has to be there. */
    private String atOrigin(Optional<Origin> origin) {
        if (url == null) {
            throw ProblemException.ofField(
                    ProblemType.MISSING_FIELD, "url", "Send the URL at which the origin has the keys.");
        }
        Origin known = origin.orElseThrow(
                () -> invalid("strategy", "Lay down an origin for the namespace first, or send the keys as a list."));
        return Origins.placeAt(known, url)
                .orElseThrow(
                        () -> invalid("url", "Send a URL with the scheme, host and port of the namespace's origin."));
    }

    /** Whether it is to be done again when nodes start. */
    boolean isAtStart() {
        return Boolean.TRUE.equals(atStart);
    }

    /** The bytes of keys, with one between each. */
    static long bytes(List<String> keys) {
        return keys.stream()
                .mapToLong(key -> key.getBytes(StandardCharsets.UTF_8).length + 1L)
                .sum();
    }

    private static int within(String field, @Nullable Long value, int otherwise, int max) {
        long number = value == null ? otherwise : value;
        if (number < 1 || number > max) {
            throw invalid(field, "Send a whole number from 1 to " + max + ".");
        }
        return Math.toIntExact(number);
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_FIELD, field, detail);
    }
}
