package dev.sluice.gateway.route;

import java.net.URI;

/**
 * One upstream of a route.
 *
 * @param url its origin: http or https, host, and perhaps a port; no path
 * @param weight its share of the requests against those of the route's other targets; none when 0
 */
public record Target(URI url, int weight) {

    public static final int USUAL_WEIGHT = 1;
}
