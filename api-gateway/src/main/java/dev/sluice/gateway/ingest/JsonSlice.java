package dev.sluice.gateway.ingest;

import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Cuts the value of a member out of a JSON object byte for byte: spaces, number spellings and escapes of the data are
 * the producer's, and signatures over it must hold.
 */
final class JsonSlice {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonSlice() {}

    /** The bytes of a top-level member's value; {@code document} must be a valid JSON object in UTF-8 that has it. */
    static byte[] ofMember(byte[] document, String member) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean wanted = parser.currentName().equals(member);
                parser.nextToken();
                int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
                parser.skipChildren();
                // Scalars are read lazily; only after this is the location behind them.
                parser.finishToken();
                if (wanted) {
                    int end = Math.toIntExact(parser.currentLocation().getByteOffset());
                    return Arrays.copyOfRange(document, start, end);
                }
            }
        }
        throw new IllegalArgumentException("document has no member " + member);
    }
}
