package dev.sluice.gateway.route;

import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;

/** Finds the route of a request among those of one moment. Immutable. */
public interface RouteIndex {

    /**
     * The most specific route that fits; none for the platform's own paths.
     *
     * @param host the Host header as it was sent; empty when there is none
     * @param path the raw path, without the query
     */
    Optional<RouteHit> find(String host, String path, HttpMethod method, HttpHeaders headers);

    /** Which methods there are routes for with this host, path and headers; none when there is no route for any. */
    Set<HttpMethod> allowedMethods(String host, String path, HttpHeaders headers);
}
