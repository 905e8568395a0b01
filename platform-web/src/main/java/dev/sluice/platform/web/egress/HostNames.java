package dev.sluice.platform.web.egress;

import java.net.IDN;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which host names may be registered: public ones, spelled so that no parser takes them for an address. */
final class HostNames {

    private static final int MAX_LENGTH = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern DOTTED_QUAD = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    // WHATWG URL, "ends in a number": C resolvers read such names as addresses.
    private static final Pattern NUMERIC_LABEL = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    /** Names that only private networks answer (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal). */
    private static final Set<String> PRIVATE_SUFFIXES = Set.of(
            "localhost", "local", "internal", "localdomain", "lan", "home", "corp", "intranet", "private", "home.arpa");

    private final Set<String> ownHosts;

    HostNames(Set<String> ownHosts) {
        this.ownHosts =
                ownHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Four decimal numbers without leading zeros; only these are read as IPv4 addresses. */
    static boolean isDottedQuad(String host) {
        return DOTTED_QUAD.matcher(host).matches();
    }

    /** Refuses a name, given in lower case, that is not public and plain. */
    void check(String host) {
        if (host.length() > MAX_LENGTH) {
            throw new RefusedUrlException("must name a host of at most 253 characters");
        }
        String[] labels = host.split("\\.", -1);
        if (labels.length < 2
                || NUMERIC_LABEL.matcher(labels[labels.length - 1]).matches()) {
            throw new RefusedUrlException("must name a host by a full public name or a plain dotted address");
        }
        for (String label : labels) {
            checkLabel(label);
        }
        if (isPrivate(host) || ownHosts.contains(host)) {
            throw new RefusedUrlException("must lead to a public host that is not part of this platform");
        }
    }

    private static void checkLabel(String label) {
        if (!LABEL.matcher(label).matches()) {
            throw new RefusedUrlException("must name a host made of letters, digits and inner hyphens");
        }
        if (label.startsWith("xn--") && !isPunycode(label)) {
            throw new RefusedUrlException("must name a host whose xn-- labels are valid punycode");
        }
    }

    private static boolean isPunycode(String label) {
        try {
            String unicode = IDN.toUnicode(label);
            return !unicode.equals(label)
                    && IDN.toASCII(unicode, IDN.USE_STD3_ASCII_RULES).equals(label);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isPrivate(String host) {
        return PRIVATE_SUFFIXES.stream().anyMatch(suffix -> host.equals(suffix) || host.endsWith("." + suffix));
    }
}
