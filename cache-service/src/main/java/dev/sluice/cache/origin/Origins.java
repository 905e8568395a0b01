package dev.sluice.cache.origin;

import dev.sluice.cache.engine.LoadPatience;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.platform.web.egress.RefusedUrlException;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.CacheOrigin;
import dev.sluice.record.SealedCacheHeader;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which origins tenants may name. Thread-safe. */
public final class Origins {

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

    private final UrlRules rules;
    private final OriginHeaders headers;

    Origins(UrlRules rules, OriginHeaders headers) {
        this.rules = rules;
        this.headers = headers;
    }

    /**
     * The record of an origin, with its headers sealed. Refuses what cannot be.
     *
     * @param before what a masked header of the same name stands for
     */
    public CacheOrigin toRecord(String tenant, String namespace, PutOrigin asked, Optional<CacheOrigin> before) {
        LoadPatience usual = LoadPatience.defaults();
        Duration hard = timeout("origin.hardTimeout", asked.hardTimeout(), usual.hard());
        Duration soft = timeout(
                "origin.softTimeout", asked.softTimeout(), usual.soft().compareTo(hard) < 0 ? usual.soft() : hard);
        if (soft.compareTo(hard) > 0) {
            throw invalid("origin.softTimeout", "Send one that is not longer than hardTimeout, " + hard + ".");
        }
        return CacheOrigin.newBuilder()
                .setUrl(url(asked.url()))
                .setHeaders(sealed(OriginHeaders.placeOf(tenant, namespace), asked, before))
                .setSoftTimeoutMillis(soft.toMillis())
                .setHardTimeoutMillis(hard.toMillis())
                .build();
    }

    /** A URL as it was sent, when it is at the same scheme, host and port as the origin; its headers go there too. */
    public static Optional<String> placeAt(Origin origin, String url) {
        int path = origin.url().indexOf('/', origin.url().indexOf("://") + 3);
        return Optional.of(url).filter(asked -> asked.startsWith(origin.url().substring(0, path + 1)));
    }

    private String url(String template) {
        try {
            return UrlTemplate.normalise(template, rules);
        } catch (RefusedUrlException e) {
            throw invalid("origin.url", "The URL " + e.getMessage() + ".");
        }
    }

    private Map<String, SealedCacheHeader> sealed(String place, PutOrigin asked, Optional<CacheOrigin> before) {
        Map<String, @Nullable String> given = asked.headers();
        if (given == null) {
            return Map.of();
        }
        AddedHeaders.check(given, (field, detail) -> {
            throw invalid("origin." + field, detail + ".");
        });
        Map<String, SealedCacheHeader> sealed = new HashMap<>();
        given.forEach((name, value) -> {
            String text = String.valueOf(value);
            sealed.put(name, text.equals(AddedHeaders.MASK) ? known(name, before) : headers.seal(place, name, text));
        });
        return sealed;
    }

    private static SealedCacheHeader known(String name, Optional<CacheOrigin> before) {
        return before.stream()
                .flatMap(record -> record.getHeaders().entrySet().stream())
                .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> invalid(
                        "origin.headers." + name,
                        AddedHeaders.MASK + " stands for the value that is there, and there is none; send the value."));
    }

    private static Duration timeout(String field, @Nullable String text, Duration otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            Duration timeout = Duration.parse(text);
            if (timeout.compareTo(MIN_TIMEOUT) >= 0 && timeout.compareTo(MAX_TIMEOUT) <= 0) {
                return timeout;
            }
        } catch (DateTimeException _) {
            // Answered below, with the bounds.
        }
        throw invalid(
                field, "Send an ISO 8601 duration from " + MIN_TIMEOUT + " to " + MAX_TIMEOUT + ", such as PT2S.");
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_FIELD, field, detail);
    }
}
