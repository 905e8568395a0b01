package dev.sluice.gateway.route;

import java.util.Optional;
import java.util.regex.Pattern;

/** Which paths a route can be for and what it can make of them. Pure. */
final class PathRules {

    private static final int MAX_LENGTH = 1_024;

    /** Segments of pchar (RFC 3986, section 3.3), none empty, without parameters. */
    private static final Pattern RAW_PATH = Pattern.compile("(?:/(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})+)+");

    private static final Pattern DOT_SEGMENT = Pattern.compile("/(?:\\.|%2[eE]){1,2}(?:/|$)");

    private PathRules() {}

    static void check(Route route, Faults faults) {
        String text = route.match().path();
        Optional<String> fault = PathPattern.findFault(text);
        if (fault.isPresent()) {
            faults.add("match.path", fault.get());
            return;
        }
        PathPattern pattern = PathPattern.parse(text);
        faults.require(
                !NativePaths.contain(pattern.literalPrefix()),
                "match.path",
                "must not be under " + String.join(", ", NativePaths.prefixes())
                        + ": these are the platform's own; choose another path");
        faults.require(
                !NativePaths.isRoot(text) || !route.match().hosts().isEmpty(),
                "match.path",
                "must not be / for every host: there is the console; name the hosts");
        route.rewrite().stripPrefix().ifPresent(prefix -> stripPrefix(prefix, pattern, faults));
        route.rewrite()
                .addPrefix()
                .ifPresent(prefix -> faults.require(
                        isRawPath(prefix),
                        "rewrite.addPrefix",
                        "must be a path such as /v2, percent-encoded, without a slash at the end"));
    }

    /** Whether a text can stand in a request line as a path of one or more whole segments. */
    static boolean isRawPath(String text) {
        return text.length() <= MAX_LENGTH
                && RAW_PATH.matcher(text).matches()
                && !DOT_SEGMENT.matcher(text).find();
    }

    private static void stripPrefix(String prefix, PathPattern pattern, Faults faults) {
        String literal = pattern.literalPrefix();
        boolean leads = literal.startsWith(prefix)
                && (literal.length() == prefix.length() || literal.charAt(prefix.length()) == '/');
        faults.require(
                prefix.length() > 1 && leads,
                "rewrite.stripPrefix",
                "must be whole segments that match.path begins with, before any variable");
    }
}
