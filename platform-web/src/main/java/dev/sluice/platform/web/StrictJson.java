package dev.sluice.platform.web;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Reads JSON that came from outside. Refuses, with a code and the path of the field: what is not UTF-8 without a byte
 * order mark, duplicate and unknown fields, values of another type (nothing is coerced), missing fields, numbers that no
 * double holds, lone surrogates, nesting over 64, names over 256 and numbers over 1,000 characters, and anything after
 * the document. Components of records are required unless they are {@code @Nullable}. Thread-safe.
 */
public final class StrictJson {

    static final int MAX_DEPTH = 64;
    private static final int MAX_NAME = 256;
    private static final int MAX_NUMBER = 1_000;

    private final JsonMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNameLength(MAX_NAME)
                            .maxNumberLength(MAX_NUMBER)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    coercion -> coercion.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    /** Reads a document into a record. */
    public <T> T read(byte[] body, Class<T> type) {
        JsonNode tree = readTree(body);
        RequiredFields.check(tree, type);
        try {
            return mapper.treeToValue(tree, type);
        } catch (UnrecognizedPropertyException e) {
            throw ProblemException.ofField(
                    ProblemType.UNKNOWN_FIELD, path(e), "The field is not known here; leave it out.");
        } catch (MismatchedInputException e) {
            throw ProblemException.ofField(
                    ProblemType.WRONG_TYPE,
                    path(e),
                    "Send the type that the API description names; nothing is converted.");
        } catch (JacksonException e) {
            throw refused(e);
        }
    }

    /** Reads any document. */
    public JsonNode readTree(byte[] body) {
        if (body.length == 0) {
            throw invalid("Send a JSON document; the body is empty.");
        }
        String text = StrictUtf8.decode(body)
                .orElseThrow(() -> invalid("Send the body in UTF-8; it holds bytes that are not."));
        if (text.charAt(0) == '\uFEFF') {
            throw invalid("Send UTF-8 without a byte order mark.");
        }
        JsonNode tree;
        try {
            tree = mapper.readTree(text);
        } catch (StreamConstraintsException e) {
            throw e.getOriginalMessage().contains("nesting")
                    ? new ProblemException(
                                    ProblemType.TOO_DEEP,
                                    "Nest objects and arrays at most " + MAX_DEPTH + " levels deep.")
                            .withField("body")
                    : invalid("Names may have " + MAX_NAME + " characters and numbers " + MAX_NUMBER + ".");
        } catch (JacksonException e) {
            throw refused(e);
        }
        if (tree.isNull() || tree.isMissingNode()) {
            throw invalid("Send a JSON document; null is none.");
        }
        JsonValues.check(tree);
        return tree;
    }

    public byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    private static ProblemException refused(JacksonException error) {
        if (error.getOriginalMessage().startsWith("Duplicate")) {
            return ProblemException.ofField(
                    ProblemType.DUPLICATE_FIELD,
                    path(error),
                    "Send every field once; which of the two is meant is not clear.");
        }
        String place = error.getLocation() == null
                ? ""
                : " at line %d, column %d"
                        .formatted(
                                error.getLocation().getLineNr(),
                                error.getLocation().getColumnNr());
        return invalid("Send one valid JSON document; reading stopped" + place + ".");
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ProblemType.INVALID_JSON, detail).withField("body");
    }

    /** Where a parser stands; a tree that is being read has no path of its own. */
    private static void appendPlace(StringBuilder path, TokenStreamContext context) {
        TokenStreamContext parent = context.getParent();
        if (parent != null) {
            appendPlace(path, parent);
        }
        if (context.inObject() && context.currentName() != null) {
            path.append(path.isEmpty() ? "" : ".").append(context.currentName());
        } else if (context.inArray()) {
            path.append('[').append(context.getCurrentIndex()).append(']');
        }
    }

    private static String path(JacksonException error) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference reference : error.getPath()) {
            String name = reference.getPropertyName();
            if (name == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        }
        if (path.isEmpty() && error.processor() instanceof JsonParser parser) {
            appendPlace(path, parser.streamReadContext());
        }
        return path.isEmpty() ? "body" : path.toString();
    }
}
