package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.route.CachePolicy;
import dev.sluice.platform.web.caching.Directives;
import dev.sluice.platform.web.caching.ListText;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How old an answer was when it came, and for how long it may be used (RFC 9111, section 4.2; RFC 5861). In milliseconds.
 * Pure.
 *
 * @param initialAge corrected_initial_age
 * @param lifetime freshness_lifetime
 * @param explicit whether the answer says its lifetime itself
 * @param whileRevalidating for how long after its lifetime it is served while it is asked for anew
 * @param ifError for how long after its lifetime it is served in place of a failure
 * @param neverStale whether it must not be served stale, whatever a caller accepts
 * @param alwaysValidate whether it must not be served without asking, fresh or not
 */
record Freshness(
        long initialAge,
        long lifetime,
        boolean explicit,
        long whileRevalidating,
        long ifError,
        boolean neverStale,
        boolean alwaysValidate) {

    /** Of what may be used without being told for how long (RFC 9110, section 15.1). */
    static final Set<Integer> HEURISTIC = Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

    /** The tenth part of the time since it was last changed (RFC 9111, section 4.2.2). */
    private static final long HEURISTIC_PART = 10;

    private static final String MAX_AGE = "max-age";
    private static final String S_MAXAGE = "s-maxage";

    /**
     * @param requestMillis when the answer was asked for
     * @param responseMillis when it came
     */
    static Freshness of(int status, Fields fields, long requestMillis, long responseMillis, CachePolicy policy) {
        AnswerDirectives answer = AnswerDirectives.of(fields);
        Directives directives = answer.directives();
        OptionalLong said = said(answer, fields, responseMillis);
        long lifetime = said.orElseGet(() -> heuristic(status, fields, directives, responseMillis, policy));
        boolean neverStale = directives.has("must-revalidate")
                || directives.has("proxy-revalidate")
                // RFC 9111, section 5.2.2.10.
                || directives.has(S_MAXAGE)
                || directives.hasBare("no-cache");
        return new Freshness(
                initialAge(fields, requestMillis, responseMillis),
                Math.min(lifetime, policy.maxTtl().toMillis()),
                said.isPresent(),
                neverStale ? 0 : span(directives, "stale-while-revalidate", policy.staleWhileRevalidate()),
                neverStale ? 0 : span(directives, "stale-if-error", policy.staleIfError()),
                neverStale,
                directives.hasBare("no-cache") || isPragma(answer, fields));
    }

    long age(long responseMillis, long now) {
        return initialAge + Math.max(0, now - responseMillis);
    }

    /** How long it is fresh yet; below 0 for how long it has not been. */
    long left(long responseMillis, long now) {
        return lifetime - age(responseMillis, now);
    }

    /** What an answer says for how long it is fresh. */
    private static OptionalLong said(AnswerDirectives answer, Fields fields, long responseMillis) {
        Directives directives = answer.directives();
        for (String name : List.of(S_MAXAGE, MAX_AGE)) {
            OptionalLong seconds = directives.secondsOf(name);
            if (seconds.isPresent()) {
                return OptionalLong.of(seconds.getAsLong() * 1000);
            }
        }
        List<String> expires = fields.all("Expires");
        if (answer.targeted() || expires.isEmpty()) {
            return OptionalLong.empty();
        }
        // Several, or none that is a date, have passed (RFC 9111, section 5.3).
        OptionalLong end =
                expires.size() == 1 ? HttpDates.parse(expires.getFirst(), responseMillis) : OptionalLong.empty();
        return OptionalLong.of(
                end.isEmpty()
                        ? 0
                        : Math.max(
                                0,
                                end.getAsLong() - date(fields, responseMillis).orElse(responseMillis)));
    }

    private static long heuristic(
            int status, Fields fields, Directives directives, long responseMillis, CachePolicy policy) {
        if (!HEURISTIC.contains(status) && !directives.has("public")) {
            return 0;
        }
        if (policy.defaultTtl().isPositive()) {
            return policy.defaultTtl().toMillis();
        }
        OptionalLong changed = fields.first("Last-Modified")
                .map(text -> HttpDates.parse(text, responseMillis))
                .orElse(OptionalLong.empty());
        long date = date(fields, responseMillis).orElse(responseMillis);
        return changed.isEmpty() ? 0 : Math.max(0, (date - changed.getAsLong()) / HEURISTIC_PART);
    }

    /** RFC 9111, section 4.2.3. */
    private static long initialAge(Fields fields, long requestMillis, long responseMillis) {
        OptionalLong date = date(fields, responseMillis);
        long apparent = date.isEmpty() ? 0 : Math.max(0, responseMillis - date.getAsLong());
        long said = fields.all("Age").stream()
                .findFirst()
                .map(line -> ListText.split(line))
                .filter(elements -> !elements.isEmpty())
                .map(elements -> Math.max(0, Directives.numberOf(elements.getFirst())))
                .orElse(0L);
        long corrected = said * 1000 + Math.max(0, responseMillis - requestMillis);
        return Math.max(apparent < 1000 ? 0 : apparent, corrected);
    }

    private static OptionalLong date(Fields fields, long responseMillis) {
        return fields.first("Date")
                .map(text -> HttpDates.parse(text, responseMillis))
                .orElse(OptionalLong.empty());
    }

    private static long span(Directives directives, String name, Duration usual) {
        return directives.secondsOf(name).orElse(usual.toSeconds()) * 1000;
    }

    /** The old way to say no-cache, where the new one is not used. */
    private static boolean isPragma(AnswerDirectives answer, Fields fields) {
        return !answer.targeted()
                && !fields.has("Cache-Control")
                && fields.all("Pragma").stream()
                        .anyMatch(value -> ListText.split(value).stream().anyMatch("no-cache"::equalsIgnoreCase));
    }
}
