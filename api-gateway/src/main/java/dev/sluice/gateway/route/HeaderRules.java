package dev.sluice.gateway.route;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What may be done to headers. Pure. */
final class HeaderRules {

    private static final int MAX_EDITS = 64;
    private static final int MAX_TESTS = 16;
    private static final int MAX_VALUE = 4_096;

    /** RFC 9110, section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");

    /** They belong to one connection (RFC 9110, section 7.6.1) or say where a message ends and whom it is for. */
    private static final Set<String> NEVER_EDITED = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Between the gateway and the services alone. */
    private static final String INTERNAL_PREFIX = "x-sluice-";

    private HeaderRules() {}

    static void checkTests(String field, List<HeaderTest> tests, Faults faults) {
        faults.require(tests.size() <= MAX_TESTS, field, "must be at most " + MAX_TESTS);
        for (int i = 0; i < tests.size(); i++) {
            HeaderTest test = tests.get(i);
            String at = field + "[" + i + "]";
            checkName(at + ".name", test.name(), faults);
            test.value().ifPresent(value -> checkValue(at + ".value", value, faults));
        }
    }

    static void checkEdits(String field, HeaderEdits edits, Faults faults) {
        int count = edits.set().size() + edits.add().size() + edits.remove().size();
        faults.require(count <= MAX_EDITS, field, "must be at most " + MAX_EDITS + " headers together");
        checkValues(field + ".set", edits.set(), faults);
        checkValues(field + ".add", edits.add(), faults);
        checkNames(field + ".remove", edits.remove(), faults);
    }

    private static void checkValues(String field, Map<String, String> values, Faults faults) {
        checkNames(field, values.keySet(), faults);
        values.forEach((name, value) -> checkValue(field + "." + shown(name), value, faults));
    }

    private static void checkNames(String field, Set<String> names, Faults faults) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            String at = field + "." + shown(name);
            String lowerCase = name.toLowerCase(Locale.ROOT);
            checkName(at, name, faults);
            faults.require(seen.add(lowerCase), at, "must be given once; the case of letters makes no difference");
            faults.require(
                    !NEVER_EDITED.contains(lowerCase) && !lowerCase.startsWith(INTERNAL_PREFIX),
                    at,
                    "must not be edited: it is for the gateway to set; leave it out");
        }
    }

    private static void checkName(String field, String name, Faults faults) {
        faults.require(
                TOKEN.matcher(name).matches(),
                field,
                "must be the name of a header: letters, digits and hyphens, at most 128");
    }

    private static void checkValue(String field, String value, Faults faults) {
        boolean visible = value.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t');
        faults.require(
                visible && value.length() <= MAX_VALUE && value.equals(value.strip()),
                field,
                "must be at most " + MAX_VALUE + " visible characters of ASCII, without line breaks and without space"
                        + " at the ends");
    }

    /** A name as it can stand in a message. */
    private static String shown(String name) {
        return TOKEN.matcher(name).matches() ? name : "?";
    }
}
