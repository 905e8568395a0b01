package dev.sluice.cache.http;

import dev.sluice.cache.engine.Lifetime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a value is to be kept, as {@code Cache-Control} says it (RFC 9111, RFC 5861). Pure. */
final class StorageDirectives {

    static final Duration DEFAULT_TTL = Duration.ofHours(24);
    static final Duration MAX_TTL = Duration.ofDays(30);

    static final String REMEDY = "Send max-age=N, with N from 1 to " + MAX_TTL.toSeconds()
            + " seconds, and no other directives than stale-while-revalidate=N and stale-if-error=N, each once and no "
            + "longer together; or leave the header out for " + DEFAULT_TTL.toSeconds() + ".";

    private static final String MAX_AGE = "max-age";
    private static final String WHILE_REVALIDATE = "stale-while-revalidate";
    private static final String IF_ERROR = "stale-if-error";
    private static final Set<String> NAMES = Set.of(MAX_AGE, WHILE_REVALIDATE, IF_ERROR);
    private static final Pattern DIRECTIVE = Pattern.compile("([a-z-]+)=([0-9]{1,10})");
    private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*+,[ \\t]*+");

    private StorageDirectives() {}

    /** Empty for what cannot be followed to the letter. */
    static Optional<Lifetime> parse(String value) {
        Map<String, Duration> spans = new HashMap<>();
        for (String directive : SEPARATOR.split(value.strip().toLowerCase(Locale.ROOT), -1)) {
            Matcher parts = DIRECTIVE.matcher(directive);
            if (!parts.matches()
                    || !NAMES.contains(parts.group(1))
                    || spans.put(parts.group(1), Duration.ofSeconds(Long.parseLong(parts.group(2)))) != null) {
                return Optional.empty();
            }
        }
        Duration fresh = spans.getOrDefault(MAX_AGE, DEFAULT_TTL);
        if (!fresh.isPositive()) {
            return Optional.empty();
        }
        Lifetime lifetime = new Lifetime(
                fresh,
                spans.getOrDefault(WHILE_REVALIDATE, Duration.ZERO),
                spans.getOrDefault(IF_ERROR, Duration.ZERO));
        return lifetime.whole().compareTo(MAX_TTL) > 0 ? Optional.empty() : Optional.of(lifetime);
    }

    /** What is left of a lifetime, for caches on the way. */
    static String remaining(Lifetime lifetime, Duration age) {
        Duration fresh = lifetime.fresh().minus(age);
        StringBuilder text = new StringBuilder(MAX_AGE).append('=').append(Math.max(0, fresh.toSeconds()));
        Duration past = fresh.isNegative() ? fresh : Duration.ZERO;
        append(text, WHILE_REVALIDATE, lifetime.staleWhileRevalidate().plus(past));
        append(text, IF_ERROR, lifetime.staleIfError().plus(past));
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Duration span) {
        if (span.toSeconds() > 0) {
            text.append(", ").append(name).append('=').append(span.toSeconds());
        }
    }
}
