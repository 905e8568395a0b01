package dev.sluice.e2e;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;

/**
 * A way to spoil a JSON object that was good, with the codes that name it. An event may have members that are not known,
 * its extension attributes; for it, their name or value is what is wrong.
 */
record JsonFault(String name, UnaryOperator<String> spoiling, Set<String> codes) {

    static final JsonFault EMPTY = of("an empty body", body -> "", "invalid_json");

    static final List<JsonFault> ALL = List.of(
            EMPTY,
            of("null", body -> "null", "invalid_json"),
            of("number", body -> "1", "wrong_type", "invalid_json"),
            of("cut off", body -> body.substring(0, body.length() - 1), "invalid_json"),
            of("no json", body -> "nonsense", "invalid_json"),
            of("two documents", body -> body + " {}", "invalid_json"),
            of("comment", body -> "/* a */" + body, "invalid_json"),
            of("single quotes", body -> body.replace('"', '\''), "invalid_json"),
            of("not a number", body -> with(body, "\"x\":NaN"), "invalid_json"),
            of("raw control character", body -> with(body, "\"x\":\"\u0001\""), "invalid_json"),
            of("overlong utf8", body -> with(body, "\"x\":\"\u00C0\u00AF\""), "invalid_json"),
            of("lone surrogate", body -> with(body, "\"x\":\"\\ud800\""), "invalid_json", "invalid_field"),
            of("byte order mark", body -> "\u00EF\u00BB\u00BF" + body, "invalid_json"),
            of("field twice", body -> with(body, "\"x\":1,\"x\":1"), "duplicate_field"),
            of("unknown field", body -> with(body, "\"Nobody-Knows\":true"), "unknown_field", "invalid_field"),
            of("deep", body -> with(body, "\"x\":" + "[".repeat(70) + "]".repeat(70)), "too_deep"),
            of("very deep", body -> "[".repeat(60_000), "too_deep", "invalid_json"),
            of("huge number", body -> with(body, "\"x\":1e400"), "number_out_of_range"),
            of("long number", body -> with(body, "\"x\":" + "9".repeat(1_001)), "invalid_json", "number_out_of_range"),
            of("long name", body -> with(body, "\"" + "x".repeat(60_000) + "\":1"), "invalid_json"));

    private static JsonFault of(String name, UnaryOperator<String> spoiling, String... codes) {
        return new JsonFault(name, spoiling, Set.of(codes));
    }

    /** A character stands for a byte here. */
    byte[] spoil(String body) {
        return spoiling.apply(body).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String with(String body, String member) {
        return body.replaceFirst("\\{", Matcher.quoteReplacement("{" + member + ","));
    }
}
