package dev.sluice.gateway.route;

import java.util.regex.Pattern;

/** Names of hosts in routes and in requests. */
final class HostNames {

    /** Of letters, digits and hyphens (RFC 1123, section 2.1), in lower case; the first label may be a star. */
    private static final Pattern ROUTE_HOST = Pattern.compile(
            "(?:\\*\\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    /** RFC 1035, section 2.3.4. */
    static final int MAX_LENGTH = 253;

    private HostNames() {}

    /** Whether a route can be for it. */
    static boolean isRouteHost(String host) {
        return host.length() <= MAX_LENGTH && ROUTE_HOST.matcher(host).matches();
    }

    /** Whether a name in lower case is one of those that a host of a route stands for. */
    static boolean fits(String routeHost, String name) {
        return routeHost.startsWith("*")
                ? name.length() >= routeHost.length() && name.endsWith(routeHost.substring(1))
                : name.equals(routeHost);
    }

    /** Where the name ends in a Host header, before the port and the dot of the root. */
    static int endOfName(String host) {
        int colon = host.lastIndexOf(':');
        // In an IPv6 address all colons stand within brackets.
        int end = colon > host.lastIndexOf(']') ? colon : host.length();
        return end > 0 && host.charAt(end - 1) == '.' ? end - 1 : end;
    }
}
