package dev.sluice.schemas;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Field;
import org.jspecify.annotations.Nullable;

/** Rules for schemas that Avro's own compatibility check does not know. Each finding begins with the rule's id. */
final class SchemaLint {
    private static final Set<String> TIME_TYPES =
            Set.of("timestamp-millis", "local-timestamp-millis", "local-timestamp-micros", "time-millis");

    private final List<String> findings = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private SchemaLint() {}

    /** What is wrong with a schema by itself. */
    static List<String> check(Schema schema) {
        SchemaLint lint = new SchemaLint();
        lint.visit(schema.getFullName(), schema);
        return lint.findings;
    }

    /** What is wrong with a newer version after an older one. */
    static List<String> compare(Schema older, Schema newer) {
        SchemaLint lint = new SchemaLint();
        lint.compareTypes(newer.getFullName(), older, newer);
        return lint.findings;
    }

    private void visit(String path, Schema schema) {
        switch (schema.getType()) {
            case RECORD -> visitRecord(schema);
            case ENUM -> visitEnum(path, schema);
            case UNION -> visitUnion(path, schema);
            case ARRAY -> visit(path + "[]", schema.getElementType());
            case MAP -> visit(path + "{}", schema.getValueType());
            case NULL -> add("ZERO_WIDTH", path, "a value of no bytes makes counts unbounded");
            default -> visitPrimitive(path, schema);
        }
    }

    private void visitRecord(Schema record) {
        if (!seen.add(record.getFullName())) {
            return;
        }
        if (record.getFields().isEmpty()) {
            add("ZERO_WIDTH", record.getFullName(), "a record without fields has no bytes");
        }
        if (mentions(record, record, new HashSet<>())) {
            add("RECURSIVE", record.getFullName(), "a hostile record could exhaust the stack");
        }
        requireDoc(record.getFullName(), record.getDoc());
        for (Field field : record.getFields()) {
            String path = record.getFullName() + "." + field.name();
            requireDoc(path, field.doc());
            visit(path, field.schema());
            if (field.schema().getType() == Schema.Type.UNION && !isNull(field.defaultVal())) {
                add("NULL_DEFAULT", path, "the default of an optional field is null");
            }
        }
    }

    private void visitEnum(String path, Schema schema) {
        requireDoc(path, schema.getDoc());
        if (!"UNKNOWN".equals(schema.getEnumDefault()) || !schema.hasEnumSymbol("UNKNOWN")) {
            add("ENUM_DEFAULT", path, "an enum has UNKNOWN as its default");
        }
    }

    private void visitUnion(String path, Schema schema) {
        List<Schema> types = schema.getTypes();
        if (types.size() != 2 || types.getFirst().getType() != Schema.Type.NULL) {
            add("UNION", path, "a union is [null, T]");
            return;
        }
        visit(path, types.getLast());
    }

    private void visitPrimitive(String path, Schema schema) {
        String logicalType = schema.getProp("logicalType");
        if (logicalType != null && TIME_TYPES.contains(logicalType)) {
            add("TIMESTAMP", path, "moments are timestamp-micros, not " + logicalType);
        }
    }

    private void compareTypes(String path, Schema older, Schema newer) {
        if (older.getType() != newer.getType()) {
            add("TYPE", path, older.getType() + " became " + newer.getType());
            return;
        }
        same("LOGICAL_TYPE", path, older, newer, "logicalType");
        same("LOGICAL_TYPE", path, older, newer, "precision");
        same("LOGICAL_TYPE", path, older, newer, "scale");
        same("UNIT", path, older, newer, "unit");
        switch (newer.getType()) {
            case RECORD -> compareRecords(older, newer);
            case ENUM -> compareEnums(path, older, newer);
            case FIXED -> sameName(path, older, newer);
            case ARRAY -> compareTypes(path + "[]", older.getElementType(), newer.getElementType());
            case MAP -> compareTypes(path + "{}", older.getValueType(), newer.getValueType());
            case UNION -> compareUnions(path, older, newer);
            default -> {}
        }
    }

    private void compareRecords(Schema older, Schema newer) {
        sameName(older.getFullName(), older, newer);
        if (!seen.add(newer.getFullName())) {
            return;
        }
        for (Field field : newer.getFields()) {
            String path = newer.getFullName() + "." + field.name();
            Field before = older.getField(field.name());
            if (before == null) {
                requireAddable(path, older, field);
                continue;
            }
            if (!Objects.equals(before.defaultVal(), field.defaultVal())) {
                add("DEFAULT", path, "the default changed from " + before.defaultVal() + " to " + field.defaultVal());
            }
            compareTypes(path, before.schema(), field.schema());
        }
        for (Field field : older.getFields()) {
            if (newer.getField(field.name()) == null && !reserved(newer).contains(field.name())) {
                add("RESERVED", newer.getFullName() + "." + field.name(), "a removed field stays in \"reserved\"");
            }
        }
    }

    private void requireAddable(String path, Schema older, Field field) {
        if (!field.hasDefaultValue()) {
            add("REQUIRED", path, "a new field has a default");
        }
        if (reserved(older).contains(field.name())) {
            add("RESERVED", path, "the name of a removed field is not used again");
        }
    }

    private void compareEnums(String path, Schema older, Schema newer) {
        sameName(path, older, newer);
        for (String symbol : older.getEnumSymbols()) {
            if (!newer.hasEnumSymbol(symbol)) {
                add("SYMBOL", path, "symbol " + symbol + " was removed");
            }
        }
    }

    private void compareUnions(String path, Schema older, Schema newer) {
        if (older.getTypes().size() != newer.getTypes().size()) {
            add("TYPE", path, "the union has other members");
            return;
        }
        for (int i = 0; i < newer.getTypes().size(); i++) {
            compareTypes(path, older.getTypes().get(i), newer.getTypes().get(i));
        }
    }

    private void sameName(String path, Schema older, Schema newer) {
        if (!older.getFullName().equals(newer.getFullName())) {
            add("NAME", path, older.getFullName() + " became " + newer.getFullName());
        }
    }

    private void same(String rule, String path, Schema older, Schema newer, String property) {
        Object before = older.getObjectProp(property);
        Object after = newer.getObjectProp(property);
        if (!Objects.equals(before, after)) {
            add(rule, path, property + " changed from " + before + " to " + after);
        }
    }

    private static List<?> reserved(Schema record) {
        return record.getObjectProp("reserved") instanceof List<?> names ? names : List.of();
    }

    private static boolean mentions(Schema wanted, Schema in, Set<String> visited) {
        return switch (in.getType()) {
            case RECORD ->
                visited.add(in.getFullName())
                        && in.getFields().stream().anyMatch(field -> reaches(wanted, field.schema(), visited));
            case ARRAY -> reaches(wanted, in.getElementType(), visited);
            case MAP -> reaches(wanted, in.getValueType(), visited);
            case UNION -> in.getTypes().stream().anyMatch(type -> reaches(wanted, type, visited));
            default -> false;
        };
    }

    private static boolean reaches(Schema wanted, Schema from, Set<String> visited) {
        boolean isWanted =
                from.getType() == Schema.Type.RECORD && from.getFullName().equals(wanted.getFullName());
        return isWanted || mentions(wanted, from, visited);
    }

    private static boolean isNull(@Nullable Object defaultValue) {
        return JsonProperties.NULL_VALUE.equals(defaultValue);
    }

    private void requireDoc(String path, @Nullable String doc) {
        if (doc == null || doc.isBlank()) {
            add("DOC", path, "everything is documented");
        }
    }

    private void add(String rule, String path, String what) {
        findings.add(rule + " " + path + ": " + what);
    }
}
