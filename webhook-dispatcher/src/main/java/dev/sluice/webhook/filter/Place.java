package dev.sluice.webhook.filter;

import java.util.regex.Pattern;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * A place in an event: a JSON pointer (RFC 6901) into {@code {"subject":…,"data":…}}. Pointers rather than dotted paths, since names
 * in data may have dots.
 */
sealed interface Place {

    /** What stands there; a missing node when nothing does. */
    JsonNode find(FilteredEvent event);

    /** The subject of the event. */
    record Subject() implements Place {

        @Override
        public JsonNode find(FilteredEvent event) {
            return event.subject();
        }
    }

    /** Somewhere in its data, or all of it. */
    record Data(JsonPointer pointer) implements Place {

        @Override
        public JsonNode find(FilteredEvent event) {
            return event.data().at(pointer);
        }
    }

    int MAX_LENGTH = 256;
    String SUBJECT = "/subject";
    String DATA = "/data";
    Pattern SYNTAX = Pattern.compile(DATA + "(?:/(?:[^~/]|~[01])*)*");

    /** Reads a pointer; an {@link IllegalArgumentException} says what one looks like. */
    static Place parse(String text) {
        if (text.equals(SUBJECT)) {
            return new Subject();
        }
        if (text.length() > MAX_LENGTH || !SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException("field must be /subject, /data or a JSON pointer below it such as"
                    + " /data/customer/id, of at most " + MAX_LENGTH
                    + " characters; ~1 is a slash in a name, ~0 a tilde");
        }
        return new Data(JsonPointer.compile(text.substring(DATA.length())));
    }
}
