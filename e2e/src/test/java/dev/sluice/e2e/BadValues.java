package dev.sluice.e2e;

import java.util.List;
import java.util.Map;

/** What must not be taken. */
final class BadValues {

    /** What no query parameter of that name may be. */
    static final Map<String, List<String>> OF_QUERY = Map.ofEntries(
            Map.entry("limit", List.of("abc", "-1", "0", "0x10", "99999999999", "", "1.5", "%D9%A3", "1&limit=2")),
            Map.entry("cursor", List.of("a&cursor=b")),
            Map.entry("window", List.of("abc", "-PT1H", "PT0S", "P9999D", "", "PT1H&window=PT1H")),
            Map.entry("namespace", List.of("a".repeat(300), "a&namespace=b")),
            Map.entry("pattern", List.of("", "a".repeat(600), "a%00b", "a&pattern=b")),
            Map.entry("threshold", List.of("50", "-1", "1.1", "NaN", "1e-1", "", "0.5&threshold=0.5")),
            Map.entry("interval", List.of("hour", "PT5M", "-PT1M", "", "PT1H&interval=PT1H")),
            Map.entry("format", List.of("xml", "", "json&format=json")),
            Map.entry("tenant", List.of("a&tenant=b")),
            Map.entry("from", List.of("now", "2026-01-01", "", "2020-01-01T00:00:00Z", "9999-01-01T00:00:00Z")),
            Map.entry("to", List.of("now", "2026-01-01T24:00:00Z", "", "2020-01-01T00:00:00Z")),
            Map.entry("step", List.of("hour", "DAY", "", "day&step=day")),
            Map.entry("group", List.of("", "a".repeat(300), "a&group=b")),
            Map.entry("include", List.of("", "all", "REQUEST", "request&include=request")),
            Map.entry("key", List.of("", "a".repeat(300), "a&key=b")),
            Map.entry("user", List.of("", "a%00", "a".repeat(200), "a&user=b")),
            Map.entry("wait", List.of("some", "", "all&wait=all")),
            Map.entry("purge", List.of("maybe", "", "true&purge=true")),
            Map.entry("line", List.of("abc", "0", "-1", "99999999999999999999", "", "1&line=2")),
            Map.entry("type", List.of("A", "a".repeat(200), "*.a", "a&type=b")),
            Map.entry("state", List.of("gone", "DEAD", "", "dead&state=dead")),
            Map.entry("status", List.of("ok", "5", "5XX", "", "0xx", "500&status=500")),
            Map.entry("subject", List.of("a".repeat(200), "a&subject=b")),
            Map.entry("lastEventId", List.of("nonsense", "a".repeat(1_100), "AQYAAAESAAACuyP0%0A")),
            Map.entry("webhook", List.of("a%00b", "a".repeat(300), "a&webhook=b")),
            Map.entry("service", List.of("", "Gateway", "a%00", "a".repeat(65), "a&service=b")),
            Map.entry("failed", List.of("", "yes", "TRUE", "true&failed=true")),
            Map.entry("min_duration", List.of("", "1s", "-PT1S", "PT2H", "PT1S&min_duration=PT1S")),
            Map.entry("since", List.of("yesterday", "-PT1H", "2026-01-01T24:00:00Z", "PT5M&since=PT5M")));

    private BadValues() {}
}
