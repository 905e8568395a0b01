package dev.sluice.gateway.responsecache;

import dev.sluice.platform.web.caching.ListText;
import java.util.List;
import java.util.OptionalLong;

/** Whether a caller has a stored answer already (RFC 9111, section 4.3.2; RFC 9110, section 13). Pure. */
final class Conditions {

    private Conditions() {}

    /** Whether 304 says all; an If-None-Match decides alone. */
    static boolean areNotModified(Fields request, StoredAnswer stored) {
        List<String> tags = request.all("If-None-Match");
        if (!tags.isEmpty()) {
            return stored.status() == 200
                    && (ListText.split(tags).contains("*")
                            || stored.entityTag()
                                    .filter(own -> ListText.split(tags).stream()
                                            .anyMatch(tag -> opaque(tag).equals(opaque(own))))
                                    .isPresent());
        }
        List<String> since = request.all("If-Modified-Since");
        if (since.size() != 1 || stored.status() != 200) {
            return false;
        }
        OptionalLong limit = HttpDates.parse(since.getFirst(), stored.responseMillis());
        // What does not say when it changed may have changed when it was made.
        OptionalLong changed = stored.lastModified()
                .or(() -> stored.fields().first("Date"))
                .map(text -> HttpDates.parse(text, stored.responseMillis()))
                .orElse(OptionalLong.empty());
        return limit.isPresent() && changed.isPresent() && changed.getAsLong() <= limit.getAsLong();
    }

    /** Whether a 304 is about the stored answer (RFC 9111, section 4.3.4). */
    static boolean isAbout(Fields notModified, StoredAnswer stored) {
        return notModified
                .first("ETag")
                .map(tag -> stored.entityTag()
                        .filter(own -> opaque(own).equals(opaque(tag)))
                        .isPresent())
                .orElse(true);
    }

    /** Whether a HEAD's answer is about the stored one (RFC 9111, section 4.3.5). */
    static boolean agree(Fields head, StoredAnswer stored) {
        return isAbout(head, stored)
                && head.first("Last-Modified")
                        .map(date -> stored.lastModified().filter(date::equals).isPresent())
                        .orElse(true)
                && head.first("Content-Length")
                        .map(Integer.toString(stored.body().length())::equals)
                        .orElse(true);
    }

    /** Whether part of the stored answer is what the caller has the other parts of (RFC 9110, section 13.1.5). */
    static boolean holdsIfRange(Fields request, StoredAnswer stored) {
        return request.first("If-Range")
                .map(String::strip)
                .map(value -> value.startsWith("\"")
                        ? stored.entityTag().filter(value::equals).isPresent()
                        : !value.startsWith("W/")
                                && stored.lastModified().filter(value::equals).isPresent())
                .orElse(true);
    }

    /** What is compared weakly. */
    private static String opaque(String tag) {
        String stripped = tag.strip();
        return stripped.startsWith("W/") ? stripped.substring(2) : stripped;
    }
}
