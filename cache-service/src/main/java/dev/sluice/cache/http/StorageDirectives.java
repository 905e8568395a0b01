package dev.sluice.cache.http;

import dev.sluice.cache.engine.Lifetime;
import dev.sluice.cache.namespace.NamespaceRules;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a value is to be kept, as {@code Cache-Control} says it (RFC 9111, RFC 5861), with one directive of our own, as RFC 9111 5.2.3
 * allows: {@code max-idle}, after so many seconds without a read the value is gone. Pure.
 */
final class StorageDirectives {

    private static final String MAX_AGE = "max-age";
    private static final String WHILE_REVALIDATE = "stale-while-revalidate";
    private static final String IF_ERROR = "stale-if-error";
    private static final String MAX_IDLE = "max-idle";
    private static final Set<String> NAMES = Set.of(MAX_AGE, WHILE_REVALIDATE, IF_ERROR, MAX_IDLE);
    private static final Pattern DIRECTIVE = Pattern.compile("([a-z-]+)=([0-9]{1,10})");
    private static final Pattern SEPARATOR = Pattern.compile("[ \\t]*+,[ \\t]*+");

    private StorageDirectives() {}

    /** What to send in place of what cannot be followed. */
    static String remedy(NamespaceRules rules) {
        return "Send max-age=N, with N from 1 to " + rules.maxTtl().toSeconds()
                + " seconds, and no other directives than stale-while-revalidate=N and stale-if-error=N, each once and"
                + " no longer together, and max-idle=N, with N from 1 and no longer either; or leave the header out"
                + " for "
                + rules.defaultTtl().toSeconds() + ".";
    }

    /**
     * Empty for what cannot be followed to the letter.
     *
     * @param usual how long it is fresh when that is not said
     */
    static Optional<Lifetime> parse(String value, NamespaceRules rules, Duration usual) {
        Map<String, Duration> spans = new HashMap<>();
        for (String directive : SEPARATOR.split(value.strip().toLowerCase(Locale.ROOT), -1)) {
            Matcher parts = DIRECTIVE.matcher(directive);
            if (!parts.matches()
                    || !NAMES.contains(parts.group(1))
                    || spans.put(parts.group(1), Duration.ofSeconds(Long.parseLong(parts.group(2)))) != null) {
                return Optional.empty();
            }
        }
        Duration fresh = spans.getOrDefault(MAX_AGE, usual);
        if (!fresh.isPositive()) {
            return Optional.empty();
        }
        Duration idle = spans.getOrDefault(MAX_IDLE, rules.maxIdle());
        boolean saysIdle = spans.containsKey(MAX_IDLE);
        if (saysIdle && (idle.isZero() || idle.compareTo(rules.maxTtl()) > 0)) {
            return Optional.empty();
        }
        Lifetime lifetime = rules.lifetime(fresh, spans.get(WHILE_REVALIDATE), spans.get(IF_ERROR));
        return lifetime.whole().compareTo(rules.maxTtl()) > 0 ? Optional.empty() : Optional.of(lifetime.withIdle(idle));
    }

    /** What is left of a lifetime, for caches on the way: a copy there, of which reads are not seen here, is no longer fresh than it may be idle. */
    static String remaining(Lifetime lifetime, Duration age) {
        Duration left = lifetime.fresh().minus(age);
        boolean endsIdleFirst = lifetime.endsIdle() && lifetime.idle().compareTo(left) < 0;
        Duration fresh = endsIdleFirst ? lifetime.idle() : left;
        StringBuilder text = new StringBuilder(MAX_AGE).append('=').append(Math.max(0, fresh.toSeconds()));
        Duration past = fresh.isNegative() ? fresh : Duration.ZERO;
        append(text, WHILE_REVALIDATE, lifetime.staleWhileRevalidate().plus(past));
        append(text, IF_ERROR, lifetime.staleIfError().plus(past));
        append(text, MAX_IDLE, lifetime.idle());
        return text.toString();
    }

    private static void append(StringBuilder text, String name, Duration span) {
        if (span.toSeconds() > 0) {
            text.append(", ").append(name).append('=').append(span.toSeconds());
        }
    }
}
