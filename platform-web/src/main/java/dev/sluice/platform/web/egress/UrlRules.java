package dev.sluice.platform.web.egress;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * Which URLs may be registered: https to a public name or global address, spelled in the one way that every parser reads
 * alike. Names are not resolved here; addresses are judged when connecting. Pure and thread-safe.
 */
public final class UrlRules {

    private static final int MAX_LENGTH = 2_048;
    private static final int MAX_PORT = 65_535;

    private final EgressPolicy policy;
    private final Set<Integer> ports;
    private final HostNames names;

    /**
     * Rules over a policy.
     *
     * @param ports the ports that may be named, 443 included
     * @param ownHosts names under which the platform itself is reached
     */
    public UrlRules(EgressPolicy policy, Set<Integer> ports, Set<String> ownHosts) {
        this.policy = policy;
        this.ports = Set.copyOf(ports);
        names = new HostNames(ownHosts);
    }

    /**
     * The normalised form of a URL; it is what must be stored and connected to.
     *
     * @throws RefusedUrlException when no requests are made there
     */
    public String normalise(String url) {
        URI uri = parse(url);
        String scheme = scheme(uri);
        String host = host(uri);
        EgressPolicy.Verdict verdict = judge(host);
        boolean development = verdict == EgressPolicy.Verdict.ALLOWED_FOR_DEVELOPMENT;
        if (scheme.equals("http") && !development) {
            throw new RefusedUrlException("must use https");
        }
        int port = port(uri, development);
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String portSuffix = port == defaultPort(scheme) ? "" : ":" + port;
        return scheme + "://" + host + portSuffix + path + query;
    }

    private static URI parse(String url) {
        if (url.isEmpty() || url.length() > MAX_LENGTH) {
            throw new RefusedUrlException("must be 1 to 2,048 characters long");
        }
        if (!url.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\')) {
            throw new RefusedUrlException("must be printable ASCII without spaces or backslashes; encode other"
                    + " characters in percent form and names as punycode");
        }
        try {
            return new URI(url);
        } catch (URISyntaxException _) {
            throw new RefusedUrlException("is not a URL (RFC 3986)");
        }
    }

    private static String scheme(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new RefusedUrlException("must be an absolute https URL");
        }
        return scheme;
    }

    private static String host(URI uri) {
        String authority = uri.getRawAuthority();
        String host = uri.getHost();
        if (authority == null || host == null || authority.indexOf('%') >= 0 || authority.endsWith(":")) {
            throw new RefusedUrlException("must name a host, and a port only as a number");
        }
        if (authority.indexOf('@') >= 0) {
            throw new RefusedUrlException("must not hold a user name or password");
        }
        if (uri.getRawFragment() != null) {
            throw new RefusedUrlException("must not have a fragment");
        }
        return host.toLowerCase(Locale.ROOT);
    }

    private EgressPolicy.Verdict judge(String host) {
        if (host.startsWith("[") || HostNames.isDottedQuad(host)) {
            return judgeLiteral(host);
        }
        names.check(host);
        return EgressPolicy.Verdict.PERMITTED;
    }

    private EgressPolicy.Verdict judgeLiteral(String host) {
        EgressPolicy.Verdict verdict = policy.judge(literal(host));
        if (verdict == EgressPolicy.Verdict.DENIED) {
            throw new RefusedUrlException("must lead to a public address");
        }
        return verdict;
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        } catch (IllegalArgumentException _) {
            throw new RefusedUrlException("must name a host by a name or a valid address");
        }
    }

    private int port(URI uri, boolean development) {
        int port = uri.getPort() < 0 ? defaultPort(uri.getScheme()) : uri.getPort();
        boolean usable = development ? port > 0 && port <= MAX_PORT : ports.contains(port);
        if (!usable) {
            throw new RefusedUrlException(
                    "must use one of the ports " + ports.stream().sorted().toList());
        }
        return port;
    }

    private static int defaultPort(String scheme) {
        return scheme.equalsIgnoreCase("https") ? 443 : 80;
    }
}
