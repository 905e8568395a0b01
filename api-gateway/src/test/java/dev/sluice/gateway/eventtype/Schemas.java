package dev.sluice.gateway.eventtype;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Schemas and data as text. */
final class Schemas {

    private static final StrictJson JSON = new StrictJson();

    private Schemas() {}

    /** With single quotes for double ones. */
    static JsonNode tree(String text) {
        return JSON.readTree(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** What is said of data that does not fit; null when it does. */
    static @Nullable ProblemException problem(String schema, String data) {
        EventSchema ready = EventSchema.of(tree(schema).toString());
        ByteBuffer bytes = ByteBuffer.wrap(data.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        return catchThrowableOfType(ProblemException.class, () -> ready.check(bytes));
    }

    /** What is said of a document that is no schema for the catalogue; null when it is one. */
    static @Nullable ProblemException refusal(String schema) {
        return catchThrowableOfType(ProblemException.class, () -> EventSchema.requireValid(tree(schema)));
    }
}
