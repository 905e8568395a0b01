package dev.sluice.gateway.session;

import java.util.ArrayList;
import java.util.List;

/**
 * The cookie in which browsers carry a session. Its prefix makes them refuse it unless it came over https from this very
 * host (RFC 6265bis, section 4.1.3.2). Pure.
 */
public final class SessionCookie {

    public static final String NAME = "__Host-sluice-session";

    private static final String START = NAME + "=";

    private SessionCookie() {}

    /** All that the values of Cookie headers say it is. */
    public static List<String> find(List<String> cookies) {
        List<String> found = new ArrayList<>(1);
        for (String header : cookies) {
            for (String pair : pairsOf(header)) {
                if (pair.startsWith(START)) {
                    found.add(pair.substring(START.length()));
                }
            }
        }
        return found;
    }

    /** The value of a Cookie header without it; empty when nothing else is in it. */
    public static String strip(String header) {
        if (!header.contains(START)) {
            return header;
        }
        return String.join(
                "; ",
                pairsOf(header).stream().filter(pair -> !pair.startsWith(START)).toList());
    }

    private static List<String> pairsOf(String header) {
        List<String> pairs = new ArrayList<>();
        for (String pair : header.split(";", -1)) {
            if (!pair.isBlank()) {
                pairs.add(pair.strip());
            }
        }
        return pairs;
    }
}
