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
 * @param world what is otherwise than usual
 */
record Scenario(
        int nodes,
        int keys,
        boolean ofOrigin,
        boolean primed,
        List<Script> scripts,
        List<Deed> soup,
        int helpings,
        Set<Fault> faults,
        Set<World> world) {

    /** What can be done. */
    enum Deed {
        GET,
        /** Of all keys in one call. */
        GET_ALL,
        GET_AT_LEAST,
        LEASED_GET,
        LOADING_GET,
        PUT,
        /** What the second level does not answer is kept by the node alone. */
        PUT_OR_KEEP,
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
        DRAIN,
        /** Somebody removes the entry in the second level by hand. */
        LOSE,
        /** The node is not told of changes for a while, without knowing. */
        DEAFEN,
        /** A third of the time passes for which an entry may be idle. */
        WAIT
    }

    /** What is not so in every world. */
    enum World {
        /** The second level tells every node of every change of an entry. */
        TELLING,
        /** Entries end when nobody reads them. */
        IDLING,
        /** Nodes and the second level have the same time. */
        TIMELY
    }

    /** What may go wrong at any time. */
    enum Fault {
        LOST_ANSWERS,
        REPEATED_MESSAGES
    }

    /** Of one client of a node, about one key. */
    record Script(int node, int key, List<Deed> deeds) {}

    static Scenario scripted(boolean ofOrigin, boolean primed, Script... scripts) {
        return new Scenario(2, 1, ofOrigin, primed, List.of(scripts), List.of(), 0, Set.of(), Set.of());
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
                Set.of(Fault.LOST_ANSWERS, Fault.REPEATED_MESSAGES),
                Set.of());
    }

    Scenario in(World... other) {
        return new Scenario(nodes, keys, ofOrigin, primed, scripts, soup, helpings, faults, Set.of(other));
    }

    Scenario with(Fault... other) {
        return new Scenario(nodes, keys, ofOrigin, primed, scripts, soup, helpings, Set.of(other), world);
    }

    static Script on(int node, Deed... deeds) {
        return new Script(node, 0, List.of(deeds));
    }
}
