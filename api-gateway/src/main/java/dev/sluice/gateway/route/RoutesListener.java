package dev.sluice.gateway.route;

import java.util.Map;

/** Learns of every change of the routes. */
@FunctionalInterface
public interface RoutesListener {

    /**
     * Called in the order of the changes, when {@link Routes#index} already answers with the new routes; must be quick.
     *
     * @param before by id; none at the first call
     * @param after by id; a route that is equal to the one before is unchanged
     */
    void onChange(Map<String, Route> before, Map<String, Route> after);
}
