package dev.sluice.gateway.responsecache;

import dev.sluice.gateway.responsecache.StructuredText.Text;
import java.util.List;

/** Names under which an origin invalidates answers together (RFC 9875). Pure. */
final class CacheGroups {

    static final String FIELD = "Cache-Groups";
    static final String INVALIDATION_FIELD = "Cache-Group-Invalidation";

    /** What RFC 9875, section 2, asks caches to support at least. */
    private static final int MAX_GROUPS = 32;

    private static final int MAX_LENGTH = 128;

    private CacheGroups() {}

    /** The groups of a field; none of one that is not a list of strings. */
    static List<String> of(List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<Object> items = StructuredText.list(lines).orElse(List.of());
        return items.stream()
                .filter(Text.class::isInstance)
                .map(item -> ((Text) item).value())
                .filter(name -> name.length() <= MAX_LENGTH)
                .distinct()
                .limit(MAX_GROUPS)
                .toList();
    }
}
