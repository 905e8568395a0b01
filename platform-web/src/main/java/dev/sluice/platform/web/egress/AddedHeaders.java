package dev.sluice.platform.web.egress;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which headers tenants may add to requests that are made for them. Pure. */
public final class AddedHeaders {

    /** What is shown in place of every value; sent back, it stands for the value that is there. */
    public static final String MASK = "***";

    private static final int MAX_HEADERS = 20;
    private static final int MAX_VALUE = 1_024;
    private static final int MAX_TOTAL = 8_192;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    /** They frame the message, belong to one connection (RFC 9110, section 7.6.1), or are said by the platform. */
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

    private AddedHeaders() {}

    /**
     * Looks at headers by their names.
     *
     * @param refuse told of each field with something wrong, and what that is; without a full stop
     */
    public static void check(Map<String, @Nullable String> given, BiConsumer<String, String> refuse) {
        if (given.size() > MAX_HEADERS) {
            refuse.accept("headers", "headers must be at most " + MAX_HEADERS);
            return;
        }
        Set<String> seen = new HashSet<>();
        int total = 0;
        for (Map.Entry<String, @Nullable String> header : given.entrySet()) {
            String name = header.getKey();
            String value = header.getValue();
            if (isName(name, refuse) && isFree(name, seen, refuse) && isValue(name, value, refuse)) {
                total += name.length() + String.valueOf(value).length();
            }
        }
        if (total > MAX_TOTAL) {
            refuse.accept("headers", "headers must have at most " + MAX_TOTAL + " characters together");
        }
    }

    private static boolean isName(String name, BiConsumer<String, String> refuse) {
        if (NAME.matcher(name).matches()) {
            return true;
        }
        refuse.accept(
                "headers",
                "names of headers must be 1 to 64 of A-Z, a-z, 0-9, underscore and hyphen, a letter or digit first");
        return false;
    }

    private static boolean isFree(String name, Set<String> seen, BiConsumer<String, String> refuse) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (DENIED.contains(lowerCase) || DENIED_PREFIXES.stream().anyMatch(lowerCase::startsWith)) {
            refuse.accept("headers." + name, "this header is not for tenants to set; leave it out");
            return false;
        }
        if (!seen.add(lowerCase)) {
            refuse.accept("headers." + name, "give a header once; the case of letters makes no difference");
            return false;
        }
        return true;
    }

    private static boolean isValue(String name, @Nullable String value, BiConsumer<String, String> refuse) {
        if (value != null && !value.isEmpty() && value.length() <= MAX_VALUE && isVisible(value)) {
            return true;
        }
        refuse.accept(
                "headers." + name,
                "a header's value must be 1 to " + MAX_VALUE + " printable ASCII characters, no space first or last");
        return false;
    }

    private static boolean isVisible(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c <= '~')
                && value.strip().length() == value.length();
    }
}
