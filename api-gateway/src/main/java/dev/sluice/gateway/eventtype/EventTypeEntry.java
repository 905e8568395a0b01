package dev.sluice.gateway.eventtype;

import dev.sluice.record.EventType;
import java.util.List;

/**
 * A version of an event type, and where it stands.
 *
 * @param logVersion its version in the log
 * @param versions all that the type has, oldest first
 */
record EventTypeEntry(EventType type, long logVersion, List<Integer> versions) {

    /** A strong entity tag (RFC 9110, section 8.8.3); another one when the type was deleted and made again. */
    String entityTag() {
        return "\"" + logVersion + "\"";
    }
}
