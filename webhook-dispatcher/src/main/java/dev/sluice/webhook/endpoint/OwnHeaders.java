package dev.sluice.webhook.endpoint;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which headers an owner may add to the requests to an endpoint. Pure. */
final class OwnHeaders {

    /** What is shown in place of every value; sent back, it stands for the value that is there. */
    static final String MASK = "***";

    private static final int MAX_HEADERS = 20;
    private static final int MAX_VALUE = 1_024;
    private static final int MAX_TOTAL = 8_192;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    /** They frame the message, belong to one connection (RFC 9110, section 7.6.1), or are said by the dispatcher. */
    private static final Set<String> DENIED = Set.of(
            "accept",
            "accept-encoding",
            "accept-ranges",
            "baggage",
            "connection",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-md5",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "forwarded",
            "host",
            "http2-settings",
            "keep-alive",
            "max-forwards",
            "origin",
            "range",
            "referer",
            "te",
            "traceparent",
            "tracestate",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "via",
            "x-real-ip");

    /** What receivers verify, what proxies tell each other, and what is between the services alone. */
    private static final List<String> DENIED_PREFIXES =
            List.of("webhook-", "proxy-", "sec-", "x-forwarded-", "x-envoy-", "x-sluice-", "if-", "access-control-");

    private OwnHeaders() {}

    /** The headers that may be added; what is wrong with others is noted. */
    static Map<String, String> read(Map<String, @Nullable String> given, FieldChecks checks) {
        if (given.size() > MAX_HEADERS) {
            refuse("headers", "headers must be at most " + MAX_HEADERS, checks);
            return Map.of();
        }
        Map<String, String> headers = new HashMap<>();
        Set<String> seen = new HashSet<>();
        given.forEach((name, value) -> {
            if (isName(name, checks) && isFree(name, seen, checks) && isValue(name, value, checks)) {
                headers.put(name, String.valueOf(value));
            }
        });
        int total = headers.entrySet().stream()
                .mapToInt(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (total > MAX_TOTAL) {
            refuse("headers", "headers must have at most " + MAX_TOTAL + " characters together", checks);
        }
        return Map.copyOf(headers);
    }

    private static boolean isName(String name, FieldChecks checks) {
        if (NAME.matcher(name).matches()) {
            return true;
        }
        refuse(
                "headers",
                "names of headers must be 1 to 64 of A-Z, a-z, 0-9, underscore and hyphen, a letter or digit first",
                checks);
        return false;
    }

    private static boolean isFree(String name, Set<String> seen, FieldChecks checks) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (DENIED.contains(lowerCase) || DENIED_PREFIXES.stream().anyMatch(lowerCase::startsWith)) {
            refuse("headers." + name, "this header is not for an endpoint to set; leave it out", checks);
            return false;
        }
        if (!seen.add(lowerCase)) {
            refuse("headers." + name, "give a header once; the case of letters makes no difference", checks);
            return false;
        }
        return true;
    }

    private static boolean isValue(String name, @Nullable String value, FieldChecks checks) {
        if (value != null && !value.isEmpty() && value.length() <= MAX_VALUE && isVisible(value)) {
            return true;
        }
        refuse(
                "headers." + name,
                "a header's value must be 1 to " + MAX_VALUE + " printable ASCII characters, no space first or last",
                checks);
        return false;
    }

    private static boolean isVisible(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c <= '~')
                && value.strip().length() == value.length();
    }

    private static void refuse(String field, String detail, FieldChecks checks) {
        checks.refuse(field, "invalid_header", detail);
    }
}
