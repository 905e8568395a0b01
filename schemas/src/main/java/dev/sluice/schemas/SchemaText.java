package dev.sluice.schemas;

import org.apache.avro.Schema;

/** The text of a schema as other languages want it. */
final class SchemaText {
    private SchemaText() {}

    /** Without {@code avro.java.string}, which the code generator adds to every string and map. */
    static String portable(Schema schema) {
        return schema.toString()
                .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
                .replace(",\"avro.java.string\":\"String\"", "");
    }

    static Schema parse(String text) {
        return new Schema.Parser().parse(text);
    }
}
