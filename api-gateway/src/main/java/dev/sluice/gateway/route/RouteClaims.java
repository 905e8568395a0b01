package dev.sluice.gateway.route;

import dev.sluice.platform.web.ProblemType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;

/**
 * Who has which requests. Two routes must not be for the same host, paths, headers and method: whichever stood first
 * would hide the other. Not thread-safe.
 */
final class RouteClaims {

    private static final String ANY_HOST = "*";

    /** Linear search within one key of the map stays cheap, and so does a request that passes them all. */
    private static final int MAX_ALIKE = 64;

    private record Claim(String host, String shape) {}

    private final Map<Claim, List<Route>> byClaim = new HashMap<>();

    /** Adds a route; nothing is changed, and a fault returned, if it is for the same requests as another. */
    Optional<RouteFault> add(Route route) {
        Set<Claim> claims = claimsOf(route);
        for (Claim claim : claims) {
            List<Route> alike = byClaim.getOrDefault(claim, List.of());
            for (Route other : alike) {
                if (!other.id().equals(route.id()) && haveSameHeaders(route, other) && shareMethod(route, other)) {
                    return Optional.of(conflict(claim, other));
                }
            }
            if (alike.size() >= MAX_ALIKE) {
                return Optional.of(new RouteFault(
                        ProblemType.CONFLICT,
                        "match.path",
                        "must not be shared by more than " + MAX_ALIKE + " routes; tell them apart by path or host"));
            }
        }
        claims.forEach(claim ->
                byClaim.computeIfAbsent(claim, unseen -> new ArrayList<>(1)).add(route));
        return Optional.empty();
    }

    private static Set<Claim> claimsOf(Route route) {
        String shape = PathPattern.parse(route.match().path()).shape();
        Set<Claim> claims = new HashSet<>();
        route.match().hosts().forEach(host -> claims.add(new Claim(host, shape)));
        if (claims.isEmpty()) {
            claims.add(new Claim(ANY_HOST, shape));
        }
        return claims;
    }

    private static RouteFault conflict(Claim claim, Route other) {
        return new RouteFault(
                ProblemType.CONFLICT,
                "match",
                "must not be for requests that route " + other.id() + " has already (host " + claim.host + ", path "
                        + other.match().path() + "): one would hide the other; change methods, headers, host or path");
    }

    private static boolean haveSameHeaders(Route one, Route other) {
        return headersOf(one).equals(headersOf(other));
    }

    private static Set<HeaderTest> headersOf(Route route) {
        return route.match().headers().stream()
                .map(test -> new HeaderTest(test.name().toLowerCase(Locale.ROOT), test.value()))
                .collect(Collectors.toSet());
    }

    /** A route for any method stands behind those that name theirs, and takes what they leave. */
    private static boolean shareMethod(Route one, Route other) {
        Set<HttpMethod> ours = one.match().methods();
        Set<HttpMethod> theirs = other.match().methods();
        return ours.isEmpty() ? theirs.isEmpty() : ours.stream().anyMatch(theirs::contains);
    }
}
