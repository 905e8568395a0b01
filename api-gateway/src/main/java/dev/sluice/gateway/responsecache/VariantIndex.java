package dev.sluice.gateway.responsecache;

import java.util.ArrayList;
import java.util.List;

/**
 * By which headers the answers for a URL differ. The answers are kept elsewhere, by the index' generation and the values
 * of those headers: without the index none of them can be found any more.
 *
 * @param varied lists of names in lower case, the last one that was seen first
 */
record VariantIndex(long generation, List<List<String>> varied) implements StoredRecord {

    /** An upstream that keeps changing its mind is not followed further. */
    private static final int MAX_LISTS = 4;

    VariantIndex {
        varied = varied.stream().map(List::copyOf).toList();
    }

    boolean knows(List<String> names) {
        return varied.contains(names);
    }

    VariantIndex with(List<String> names) {
        List<List<String>> more = new ArrayList<>(varied);
        more.addFirst(names);
        return new VariantIndex(generation, more.subList(0, Math.min(MAX_LISTS, more.size())));
    }
}
