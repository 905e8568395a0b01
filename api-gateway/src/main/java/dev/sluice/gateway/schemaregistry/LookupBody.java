package dev.sluice.gateway.schemaregistry;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.StrictJson;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the body of a look-up: {@code {"schema": "…", "schemaType": "AVRO"}}; other members are the API's own. Pure. */
final class LookupBody {

    private final StrictJson json;

    LookupBody(StrictJson json) {
        this.json = json;
    }

    String schemaText(byte @Nullable [] body) {
        JsonNode document =
                read(body == null ? new byte[0] : body, RegistryException.badRequest("Send a JSON object."));
        JsonNode type = document.path("schemaType");
        if (!type.isMissingNode() && !type.isNull() && !type.asString("").equals("AVRO")) {
            throw RegistryException.invalidSchema("schemaType must be AVRO or left out.");
        }
        JsonNode schema = document.path("schema");
        if (!schema.isString()) {
            throw RegistryException.invalidSchema("schema must be a string.");
        }
        requireStrict(schema.stringValue());
        return schema.stringValue();
    }

    /** Bounds depth and size before Avro's own parser sees the text. */
    private void requireStrict(String text) {
        JsonNode ignored =
                read(text.getBytes(StandardCharsets.UTF_8), RegistryException.invalidSchema("not valid JSON."));
    }

    private JsonNode read(byte[] text, RegistryException otherwise) {
        try {
            return json.readTree(text);
        } catch (ProblemException e) {
            throw otherwise;
        }
    }
}
