package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/** Takes a JSON array apart, byte for byte, so that each item can be judged by itself. Pure. */
final class EventBatch {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Where there is none, Java has replaced nothing. */
    private static final char REPLACEMENT = '\uFFFD';

    private EventBatch() {}

    /** Whether JSON begins as an array does. */
    static boolean isArray(byte[] body) {
        for (byte next : body) {
            if (next != ' ' && next != '\t' && next != '\r' && next != '\n') {
                return next == '[';
            }
        }
        return false;
    }

    /** The items as they stand; only their brackets, quotes and commas were looked at. */
    static List<byte[]> split(byte[] body, int maxItems) {
        String text = decode(body);
        // Of ASCII alone, places in the text are those in the body.
        boolean ascii = text.length() == body.length;
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw ProblemException.ofField(
                        ProblemType.WRONG_TYPE, "body", "Send a JSON array of events; one event goes without.");
            }
            List<byte[]> items = new ArrayList<>();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (items.size() == maxItems) {
                    throw ProblemException.ofField(
                            ProblemType.TOO_LARGE, "body", "Send at most " + maxItems + " events in a batch.");
                }
                items.add(itemAt(parser, text, ascii ? body : null));
            }
            requireEnd(parser);
            if (items.isEmpty()) {
                throw ProblemException.ofField(ProblemType.INVALID_FIELD, "body", "Send at least one event.");
            }
            return items;
        } catch (StreamConstraintsException e) {
            throw new ProblemException(ProblemType.TOO_DEEP, "Nest objects and arrays less deeply.").withField("body");
        } catch (JacksonException e) {
            throw invalid("Send one valid JSON array; reading stopped at line %d, column %d."
                    .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
        }
    }

    private static byte[] itemAt(JsonParser parser, String text, byte @Nullable [] same) {
        int start = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
        parser.skipChildren();
        // Scalars are read lazily; only after this is the location behind them.
        parser.finishToken();
        int end = Math.toIntExact(parser.currentLocation().getCharOffset());
        return same == null
                ? text.substring(start, end).getBytes(StandardCharsets.UTF_8)
                : Arrays.copyOfRange(same, start, end);
    }

    private static void requireEnd(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw invalid("Send nothing after the array.");
        }
    }

    private static String decode(byte[] body) {
        if (body.length == 0) {
            throw invalid("Send a JSON array of events; the body is empty.");
        }
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw invalid("Send the body in UTF-8; it holds bytes that are not.");
        }
    }

    private static ProblemException invalid(String detail) {
        return ProblemException.ofField(ProblemType.INVALID_JSON, "body", detail);
    }
}
