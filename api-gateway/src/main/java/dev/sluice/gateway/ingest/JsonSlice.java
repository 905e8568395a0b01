package dev.sluice.gateway.ingest;

import java.nio.charset.StandardCharsets;
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
        byte[] name = member.getBytes(StandardCharsets.UTF_8);
        int at = afterBlanks(document, 0) + 1;
        while (true) {
            int nameStart = afterBlanks(document, at);
            if (document[nameStart] == '}') {
                throw missing(member);
            }
            int nameEnd = endOfString(document, nameStart);
            int start = afterBlanks(document, afterBlanks(document, nameEnd) + 1);
            int end = endOfValue(document, start);
            if (Arrays.equals(document, nameStart + 1, nameEnd - 1, name, 0, name.length)) {
                return Arrays.copyOfRange(document, start, end);
            }
            if (isEscaped(document, nameStart, nameEnd)) {
                return parseForMember(document, member);
            }
            at = afterBlanks(document, end);
            at += document[at] == ',' ? 1 : 0;
        }
    }

    private static int afterBlanks(byte[] document, int from) {
        int at = from;
        while (isBlank(document[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte next) {
        return next == ' ' || next == '\t' || next == '\r' || next == '\n';
    }

    /** Behind the closing quote of the string that begins there. */
    private static int endOfString(byte[] document, int from) {
        int at = from + 1;
        while (document[at] != '"') {
            at += document[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private static int endOfValue(byte[] document, int from) {
        return switch (document[from]) {
            case '"' -> endOfString(document, from);
            case '{', '[' -> endOfNest(document, from);
            default -> endOfScalar(document, from);
        };
    }

    private static int endOfNest(byte[] document, int from) {
        int depth = 0;
        int at = from;
        do {
            switch (document[at]) {
                case '"' -> at = endOfString(document, at) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
        } while (depth > 0);
        return at;
    }

    private static int endOfScalar(byte[] document, int from) {
        int at = from;
        while (document[at] != ',' && document[at] != '}' && !isBlank(document[at])) {
            at++;
        }
        return at;
    }

    private static boolean isEscaped(byte[] document, int from, int to) {
        for (int i = from; i < to; i++) {
            if (document[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** For an object that spells names with escapes. */
    private static byte[] parseForMember(byte[] document, String member) {
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
        throw missing(member);
    }

    private static IllegalArgumentException missing(String member) {
        return new IllegalArgumentException("document has no member " + member);
    }
}
