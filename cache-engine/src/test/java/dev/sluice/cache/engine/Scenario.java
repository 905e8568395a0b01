package dev.sluice.cache.engine;

import java.util.List;
import java.util.Set;

/**
 * What is done in an {@link ExploredWorld}; in which order is explored.
 *
 * @param ofOrigin values are made at an origin that changes; otherwise those who put them are the source
 * @param primed the first key has a value, and the first node a copy of it
 * @param scripts what clients do one thing after the other
 * @param soup of these some are done besides, by anybody
 */
record Scenario(
        int nodes,
        int keys,
        boolean ofOrigin,
        boolean primed,
        List<Script> scripts,
        List<Deed> soup,
        int helpings,
        Set<Fault> faults) {

    /** What can be done. */
    enum Deed {
        GET,
        GET_AT_LEAST,
        LEASED_GET,
        LOADING_GET,
        PUT,
        PUT_IF_ABSENT,
        PUT_OVER_VERSION,
        DELETE,
        PURGE_TAG,
        PURGE_PREFIX,
        PURGE_NAMESPACE,
        SOFT_PURGE,
        SWEEP,
        CUT,
        CRASH,
        CLOCK_BACK,
        DRAIN
    }

    /** What may go wrong at any time. */
    enum Fault {
        LOST_ANSWERS,
        REPEATED_MESSAGES
    }

    /** Of one client of a node, about one key. */
    record Script(int node, int key, List<Deed> deeds) {}

    static Scenario scripted(boolean ofOrigin, boolean primed, Script... scripts) {
        return new Scenario(2, 1, ofOrigin, primed, List.of(scripts), List.of(), 0, Set.of());
    }

    static Scenario soup(int nodes, boolean ofOrigin, int helpings, List<Deed> deeds) {
        return new Scenario(
                nodes,
                2,
                ofOrigin,
                true,
                List.of(),
                deeds,
                helpings,
                Set.of(Fault.LOST_ANSWERS, Fault.REPEATED_MESSAGES));
    }

    static Script on(int node, Deed... deeds) {
        return new Script(node, 0, List.of(deeds));
    }
}
