package dev.sluice.gateway.eventtype;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.path.PathType;
import dev.sluice.platform.web.FieldError;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.platform.web.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The schema of a version of an event type, ready to check data. Each check ends after so many steps, whatever schema and
 * data are. Thread-safe; burns CPU.
 */
public final class EventSchema {

    static final ProblemType VIOLATION =
            ProblemType.ours("schema_violation", 422, "The data does not fit its event type");

    private static final int MAX_ERRORS = 20;
    private static final long MAX_STEPS = 100_000;
    private static final int MAX_DEPTH = 256;
    /** Equal values are looked for by hash codes, which a sender can make collide. */
    private static final int MAX_UNIQUE_ITEMS = 1_000;

    private static final StrictJson JSON = new StrictJson();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaLoader(loader -> loader.block(iri -> true))
                    .schemaCacheEnabled(false)
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .pathType(PathType.JSON_POINTER)
                            .regularExpressionFactory(LinearPattern::new)
                            .build()));
    /** Only for the schema of schemas, which comes with the library. */
    private static final Schema META_SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(SchemaVocabulary.DIALECT));

    private static final List<String> SAMPLES = List.of("{}", "[]", "\"\"", "0", "true", "null", "{\"a\":{}}", "[[]]");

    private final Schema schema;
    private final boolean unique;

    private EventSchema(Schema schema, boolean unique) {
        this.schema = schema;
        this.unique = unique;
    }

    /** Of a document that was checked when it came into the catalogue. */
    static EventSchema of(String document) {
        return new EventSchema(
                REGISTRY.getSchema(JSON.readTree(bytes(document))), document.contains("\"uniqueItems\""));
    }

    /**
     * Refuses a document that is no schema for the catalogue.
     *
     * @throws ProblemException that points at what is wrong
     */
    static void requireValid(JsonNode document) {
        if (JSON.write(document).length > SchemaRules.MAX_BYTES) {
            throw ProblemException.ofField(
                    ProblemType.TOO_LARGE, "schema", "Send a schema of at most " + SchemaRules.MAX_BYTES + " bytes.");
        }
        SchemaRules.check(document);
        List<FieldError> faults = errorsOf(META_SCHEMA, document, "/schema");
        if (!faults.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.INVALID_FIELD, faults);
        }
        try {
            EventSchema schema = of(document.toString());
            JsonMapper mapper = JsonMapper.shared();
            SAMPLES.forEach(sample -> errorsOf(schema.schema, mapper.readTree(sample), ""));
        } catch (ValidationLimitExceededException e) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD,
                    "schema",
                    "Let every circle of references pass through properties or items; this one never ends.");
        } catch (SchemaException e) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_FIELD, "schema", "Send a valid JSON Schema of the dialect 2020-12.");
        }
    }

    /**
     * Refuses data that does not fit.
     *
     * @param data JSON; null when there is none, or it is not JSON
     * @throws ProblemException that points at each place, up to 20
     */
    public void check(@Nullable ByteBuffer data) {
        if (data == null) {
            throw ProblemException.ofField(
                    VIOLATION, "/data", "Send data as JSON: this type of events has a schema for it.");
        }
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        JsonNode document = JSON.readTree(bytes);
        if (unique && hasLongArray(document)) {
            throw tooMuch("Send at most " + MAX_UNIQUE_ITEMS + " items in an array: the schema has uniqueItems.");
        }
        List<FieldError> errors;
        try {
            errors = errorsOf(schema, document, "/data");
        } catch (ValidationLimitExceededException e) {
            throw tooMuch("Send smaller data: the schema cannot be checked in " + MAX_STEPS + " steps.");
        }
        if (!errors.isEmpty()) {
            throw ProblemException.ofFields(VIOLATION, errors);
        }
    }

    private static ProblemException tooMuch(String detail) {
        return ProblemException.ofField(VIOLATION, "/data", detail);
    }

    private static boolean hasLongArray(JsonNode node) {
        if (node.isArray() && node.size() > MAX_UNIQUE_ITEMS) {
            return true;
        }
        return node.isContainer() && node.valueStream().anyMatch(EventSchema::hasLongArray);
    }

    private static List<FieldError> errorsOf(Schema schema, JsonNode document, String base) {
        List<Error> errors = schema.validate(document, (ExecutionContext context) -> {
            context.setErrors(new FirstErrors());
            context.executionConfig(config -> config.maxEvaluationSteps(MAX_STEPS)
                    .maxEvaluationDepth(MAX_DEPTH)
                    .annotationCollectionEnabled(false));
        });
        return errors.stream().map(error -> describe(error, base)).toList();
    }

    /** In our own words: the library's may repeat what was sent. */
    private static FieldError describe(Error error, String base) {
        String place = base + error.getInstanceLocation();
        String property = error.getProperty();
        return switch (error.getKeyword()) {
            case "required", "dependentRequired" ->
                new FieldError(place, error.getKeyword(), "Send the property " + property + " too.");
            case null -> new FieldError(place, "false", "Leave it out: the schema takes nothing here.");
            default ->
                new FieldError(
                        place,
                        error.getKeyword(),
                        "Send what fits " + error.getKeyword() + " at " + error.getEvaluationPath()
                                + " of the schema.");
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Keeps so many errors as are told, and forgets the others: data can have one in every byte. */
    private static final class FirstErrors extends ArrayList<Error> {

        @Override
        public boolean add(Error error) {
            return size() < MAX_ERRORS && super.add(error);
        }
    }
}
