package dev.sluice.gateway.eventtype;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an event type is to be.
 *
 * @param description what the event means, at most 1,000 characters
 * @param schema JSON Schema 2020-12 of the data; data of every kind is taken when it is left out
 * @param compatibility backward (when left out): what the version before takes, this one takes too; or none
 */
record PutEventType(
        @Nullable String description,
        @Nullable JsonNode schema,
        @Nullable String compatibility) {

    private static final int MAX_DESCRIPTION = 1_000;

    /** How a version must stand to the one before. */
    enum Compatibility {
        BACKWARD,
        NONE
    }

    /** Refuses what no type can be. */
    void check() {
        if (text().length() > MAX_DESCRIPTION || text().chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD,
                    "description",
                    "Send at most " + MAX_DESCRIPTION + " characters, without control characters but line ends.");
        }
    }

    String text() {
        return description == null ? "" : description;
    }

    Compatibility parsedCompatibility() {
        return switch (compatibility) {
            case null -> Compatibility.BACKWARD;
            case "backward" -> Compatibility.BACKWARD;
            case "none" -> Compatibility.NONE;
            default ->
                throw ProblemException.ofField(
                        ProblemType.INVALID_FIELD,
                        "compatibility",
                        "Send backward or none, or leave it out for backward.");
        };
    }
}
