package dev.sluice.schemas;

import org.apache.avro.Schema;

/**
 * One committed version of one record's schema.
 *
 * @param id the id in the wire format; the same on every topic that carries the record
 * @param record simple name of the record
 * @param version from 1, without gaps
 * @param text the schema as JSON, self-contained and free of Java's own properties
 */
public record RegisteredSchema(int id, String record, int version, String text, Schema schema) {
    public RegisteredSchema {
        if (id < 1) {
            throw new IllegalArgumentException("id must be at least 1: " + id);
        }
        if (version < 1) {
            throw new IllegalArgumentException("version must be at least 1: " + version);
        }
        if (!schema.getName().equals(record)) {
            throw new IllegalArgumentException("record is " + record + " but schema is of " + schema.getName());
        }
    }
}
