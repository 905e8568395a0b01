package dev.sluice.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The routes as they are now. Readers see all of a change or nothing of it. Thread-safe. */
public final class Routes {

    private record State(Map<String, Route> byId, RouteIndex index) {}

    private final List<RoutesListener> listeners = new ArrayList<>();
    private volatile State state = new State(Map.of(), CompiledRoutes.of(List.of()));

    public RouteIndex index() {
        return state.index;
    }

    /** All routes, by id. */
    public Map<String, Route> all() {
        return state.byId;
    }

    /** Tells a listener of the routes that there are, and then of every change. */
    public synchronized void onChange(RoutesListener listener) {
        listener.onChange(Map.of(), state.byId);
        listeners.add(listener);
    }

    synchronized void replace(Map<String, Route> byId, RouteIndex index) {
        Map<String, Route> before = state.byId;
        state = new State(Map.copyOf(byId), index);
        for (RoutesListener listener : listeners) {
            listener.onChange(before, state.byId);
        }
    }
}
