package dev.sluice.webhook.endpoint;

import dev.sluice.platform.web.egress.AddedHeaders;
import dev.sluice.platform.web.egress.RefusedUrlException;
import dev.sluice.platform.web.egress.UrlRules;
import dev.sluice.record.WebhookOrdering;
import dev.sluice.record.WebhookPayloadFormat;
import dev.sluice.webhook.filter.Filter;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an owner decides of an endpoint, with everything in it checked. Pure.
 *
 * @param url normalised
 * @param eventTypes patterns; empty for all
 * @param headers by name; the value {@link AddedHeaders#MASK} stands for the one that is there
 * @param timeout for a whole attempt; the platform's when empty
 * @param retryDelays between attempts; the platform's schedule when empty
 * @param maxConcurrency most requests at once; the platform's when empty
 * @param rateLimit how often requests may be begun; no limit when empty
 * @param ordering whether one delivery comes after the other
 * @param filter what events must fulfil
 * @param signatures how requests are signed; as they are when empty
 * @param payload what their bodies are
 */
record EndpointTerms(
        String url,
        List<String> eventTypes,
        String description,
        Map<String, String> headers,
        Map<String, String> metadata,
        Optional<Duration> timeout,
        List<Duration> retryDelays,
        Optional<Integer> maxConcurrency,
        Optional<RateLimit> rateLimit,
        WebhookOrdering ordering,
        Filter filter,
        Optional<Signatures> signatures,
        WebhookPayloadFormat payload) {

    private static final int MAX_EVENT_TYPES = 50;
    private static final int MAX_DESCRIPTION = 256;
    private static final int MAX_METADATA = 20;
    private static final int MAX_METADATA_VALUE = 256;
    private static final Pattern METADATA_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    // Standard Webhooks 1.0.0 advises 15 to 30 seconds.
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_RETRIES = 20;
    private static final Duration MIN_DELAY = Duration.ofSeconds(1);
    private static final Duration MAX_DELAY = Duration.ofHours(24);
    private static final int MAX_CONCURRENCY = 100;

    /** Checks what was sent; all that is wrong with it is said at once. */
    static EndpointTerms of(EndpointFields fields, UrlRules rules) {
        FieldChecks checks = new FieldChecks();
        return read(fields, rules, checks).orElseThrow(checks::problem);
    }

    /** Checks what was sent; empty, with what is wrong noted, when it cannot be taken. */
    static Optional<EndpointTerms> read(EndpointFields fields, UrlRules rules, FieldChecks checks) {
        String url = checks.checked("url", "invalid_url", () -> url(fields.url(), rules));
        List<String> eventTypes = eventTypes(fields.eventTypes(), checks);
        String description =
                checks.checked("description", "invalid_description", () -> description(fields.description()));
        Map<String, String> headers = headers(fields.headers() == null ? Map.of() : fields.headers(), checks);
        Map<String, String> metadata = metadata(fields.metadata() == null ? Map.of() : fields.metadata(), checks);
        Optional<Duration> timeout = Optional.ofNullable(fields.timeout())
                .map(text ->
                        checks.checked("timeout", "invalid_timeout", () -> duration(text, MIN_TIMEOUT, MAX_TIMEOUT)));
        List<Duration> retryDelays =
                fields.retryDelays() == null ? List.of() : retryDelays(fields.retryDelays(), checks);
        Optional<Integer> maxConcurrency = Optional.ofNullable(fields.maxConcurrency())
                .map(number -> checks.checked("maxConcurrency", "invalid_max_concurrency", () -> concurrency(number)));
        Optional<RateLimit> rateLimit = Optional.ofNullable(fields.rateLimit()).flatMap(limit -> limit.read(checks));
        WebhookOrdering ordering = checks.checked("ordering", "invalid_ordering", () -> ordering(fields.ordering()));
        Filter filter = fields.filter() == null ? Filter.NONE : filter(fields.filter(), checks);
        Optional<Signatures> signatures = Optional.ofNullable(fields.signatureScheme())
                .map(text ->
                        checks.checked("signatureScheme", "invalid_signature_scheme", () -> Signatures.parse(text)));
        WebhookPayloadFormat payload = checks.checked("payload", "invalid_payload", () -> payload(fields.payload()));
        if (url == null || description == null || ordering == null || payload == null || !checks.isClean()) {
            return Optional.empty();
        }
        return Optional.of(new EndpointTerms(
                url,
                eventTypes,
                description,
                headers,
                metadata,
                timeout,
                retryDelays,
                maxConcurrency,
                rateLimit,
                ordering,
                filter,
                signatures,
                payload));
    }

    /** Empty, with what is wrong noted, when one of them cannot be taken. */
    static Map<String, String> headers(Map<String, @Nullable String> given, FieldChecks checks) {
        List<String> refused = new ArrayList<>();
        AddedHeaders.check(given, (field, detail) -> {
            refused.add(field);
            checks.refuse(field, "invalid_header", detail);
        });
        if (!refused.isEmpty()) {
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>();
        given.forEach((name, value) -> headers.put(name, String.valueOf(value)));
        return Map.copyOf(headers);
    }

    private static String url(String url, UrlRules rules) {
        try {
            return rules.normalise(url);
        } catch (RefusedUrlException e) {
            throw new IllegalArgumentException("url " + e.getMessage(), e);
        }
    }

    private static List<String> eventTypes(List<@Nullable String> texts, FieldChecks checks) {
        if (texts.isEmpty() || texts.size() > MAX_EVENT_TYPES) {
            checks.refuse(
                    "eventTypes",
                    "invalid_event_types",
                    "eventTypes must name 1 to " + MAX_EVENT_TYPES + " event types; [\"*\"] is all of them");
            return List.of();
        }
        Set<String> patterns = new LinkedHashSet<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            EventTypePattern pattern =
                    checks.checked("eventTypes[" + i + "]", "invalid_event_type", () -> EventTypePattern.parse(text));
            if (pattern != null) {
                patterns.add(pattern.text());
            }
        }
        // All is stored as none, so that the log has one form of it.
        return patterns.contains(EventTypePattern.ALL.text()) ? List.of() : List.copyOf(patterns);
    }

    private static String description(@Nullable String description) {
        if (description == null) {
            return "";
        }
        if (description.length() > MAX_DESCRIPTION || hasControls(description)) {
            throw new IllegalArgumentException(
                    "description must be at most " + MAX_DESCRIPTION + " characters without control characters");
        }
        return description;
    }

    private static Map<String, String> metadata(Map<String, @Nullable String> given, FieldChecks checks) {
        if (given.size() > MAX_METADATA) {
            checks.refuse("metadata", "invalid_metadata", "metadata must have at most " + MAX_METADATA + " entries");
            return Map.of();
        }
        Map<String, String> metadata = new HashMap<>();
        given.forEach((name, value) -> {
            if (!METADATA_NAME.matcher(name).matches()) {
                checks.refuse(
                        "metadata",
                        "invalid_metadata",
                        "names in metadata must be 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen");
            } else if (value == null || value.length() > MAX_METADATA_VALUE || hasControls(value)) {
                checks.refuse(
                        "metadata." + name,
                        "invalid_metadata",
                        "a value in metadata must be a text of at most " + MAX_METADATA_VALUE
                                + " characters without control characters");
            } else {
                metadata.put(name, value);
            }
        });
        return Map.copyOf(metadata);
    }

    private static List<Duration> retryDelays(List<@Nullable String> texts, FieldChecks checks) {
        if (texts.isEmpty() || texts.size() > MAX_RETRIES) {
            checks.refuse(
                    "retryDelays",
                    "invalid_retry_delays",
                    "retryDelays must be 1 to " + MAX_RETRIES + " durations; null is the platform's schedule");
            return List.of();
        }
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            Duration delay = checks.checked(
                    "retryDelays[" + i + "]", "invalid_retry_delay", () -> duration(text, MIN_DELAY, MAX_DELAY));
            if (delay != null) {
                delays.add(delay);
            }
        }
        return List.copyOf(delays);
    }

    private static Filter filter(List<@Nullable JsonNode> conditions, FieldChecks checks) {
        return Filter.read("filter", conditions, (field, detail) -> checks.refuse(field, "invalid_filter", detail))
                .orElse(Filter.NONE);
    }

    private static WebhookOrdering ordering(@Nullable String text) {
        if (text == null || text.equals(shown(WebhookOrdering.NONE))) {
            return WebhookOrdering.NONE;
        }
        if (text.equals(shown(WebhookOrdering.FIFO))) {
            return WebhookOrdering.FIFO;
        }
        throw new IllegalArgumentException("ordering must be none or fifo");
    }

    /** As it is sent and shown. */
    static String shown(WebhookOrdering ordering) {
        return ordering == WebhookOrdering.FIFO ? "fifo" : "none";
    }

    private static WebhookPayloadFormat payload(@Nullable String text) {
        if (text == null || text.equals(shown(WebhookPayloadFormat.STANDARD))) {
            return WebhookPayloadFormat.STANDARD;
        }
        if (text.equals(shown(WebhookPayloadFormat.RAW))) {
            return WebhookPayloadFormat.RAW;
        }
        throw new IllegalArgumentException("payload must be standard or raw");
    }

    /** As it is sent and shown. */
    static String shown(WebhookPayloadFormat format) {
        return format == WebhookPayloadFormat.RAW ? "raw" : "standard";
    }

    private static int concurrency(int number) {
        if (number < 1 || number > MAX_CONCURRENCY) {
            throw new IllegalArgumentException(
                    "maxConcurrency must be a whole number from 1 to " + MAX_CONCURRENCY + "; null is the platform's");
        }
        return number;
    }

    /** Stored in milliseconds, so nothing finer is taken. */
    static Duration duration(@Nullable String text, Duration min, Duration max) {
        try {
            Duration duration = text == null ? Duration.ZERO : Duration.parse(text);
            boolean inBounds = duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
            if (inBounds && duration.equals(Duration.ofMillis(duration.toMillis()))) {
                return duration;
            }
        } catch (DateTimeException _) {
            // Answered below, with the bounds.
        }
        throw new IllegalArgumentException(
                "send an ISO 8601 duration of whole milliseconds from " + min + " to " + max + ", such as PT10S");
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** Without the values of headers. */
    @Override
    public String toString() {
        return "EndpointTerms[url=" + url + ", eventTypes=" + eventTypes + "]";
    }
}
