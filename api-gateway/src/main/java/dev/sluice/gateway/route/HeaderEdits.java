package dev.sluice.gateway.route;

import java.util.Map;
import java.util.Set;

/**
 * How headers change on their way: first some are removed, then set, then added.
 *
 * @param set replaces all values of a header
 * @param add puts a value after those that are there
 * @param remove names of headers, in any case
 */
public record HeaderEdits(Map<String, String> set, Map<String, String> add, Set<String> remove) {

    public static final HeaderEdits NONE = new HeaderEdits(Map.of(), Map.of(), Set.of());

    public HeaderEdits {
        set = Map.copyOf(set);
        add = Map.copyOf(add);
        remove = Set.copyOf(remove);
    }

    /** Without values: there are credentials among them. */
    @Override
    public String toString() {
        return "HeaderEdits[set=" + set.keySet() + ", add=" + add.keySet() + ", remove=" + remove + "]";
    }

    public boolean isEmpty() {
        return set.isEmpty() && add.isEmpty() && remove.isEmpty();
    }
}
