package dev.sluice.standalone.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One limit as the gateway tells it in {@code RateLimit-Policy} (draft-ietf-httpapi-ratelimit-headers-10).
 *
 * @param quota units in a window
 * @param burst units at once; the quota when the gateway does not say otherwise
 */
record LimitPolicy(String name, long quota, Duration window, long burst) {

    private static final Pattern POLICY = Pattern.compile("\"([^\"]+)\";q=(\\d+);w=(\\d+)(?:;sluice-burst=(\\d+))?");
    private static final Duration RATE_WINDOW = Duration.ofSeconds(1);

    /** The limits of a header field; none when it is empty. */
    static List<LimitPolicy> parse(String header) {
        List<LimitPolicy> policies = new ArrayList<>();
        Matcher matcher = POLICY.matcher(header);
        while (matcher.find()) {
            long quota = Long.parseLong(matcher.group(2));
            String burst = matcher.group(4);
            policies.add(new LimitPolicy(
                    matcher.group(1),
                    quota,
                    Duration.ofSeconds(Long.parseLong(matcher.group(3))),
                    burst == null ? quota : Long.parseLong(burst)));
        }
        return policies;
    }

    /** A limit as {@code /api/v1/tiers} shows it; windows longer than a day differ in length and are not known here. */
    static LimitPolicy of(JsonNode limit) {
        long seconds = switch (limit.path("window").asString("")) {
            case "second" -> 1;
            case "minute" -> 60;
            case "hour" -> 3_600;
            case "day" -> 86_400;
            default -> 0;
        };
        return new LimitPolicy(
                limit.path("name").asString(),
                limit.path("quota").asLong(),
                Duration.ofSeconds(seconds),
                limit.path("burst").asLong());
    }

    /** The most that may be admitted in a time, whatever was used before it. */
    long mostIn(Duration elapsed) {
        if (window.equals(RATE_WINDOW)) {
            return burst + Math.multiplyExact(quota, elapsed.toMillis()) / 1_000;
        }
        // A calendar window may end, and the next one begin, within the shortest time.
        return quota * (elapsed.dividedBy(window) + 2);
    }

    String text() {
        String each = window.equals(RATE_WINDOW) ? "/s" : " in " + window.toSeconds() + " s";
        return name + " " + quota + each + (burst == quota ? "" : ", burst " + burst);
    }
}
