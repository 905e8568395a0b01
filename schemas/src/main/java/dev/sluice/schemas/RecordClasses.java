package dev.sluice.schemas;

import dev.sluice.record.DomainEvent;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * The generated record classes and Avro's view of them. Since 1.12.2 Avro refuses to make classes it was not told to
 * trust; ours are those of one generated package, and nothing else is ever named by a record.
 */
final class RecordClasses {
    private static final String TRUSTED_PACKAGE = DomainEvent.class.getPackageName() + ".";

    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(
                ClassSecurityValidator.getGlobal(), type -> type.getName().startsWith(TRUSTED_PACKAGE)));
    }

    private RecordClasses() {}

    static Schema schemaOf(Class<? extends SpecificRecord> type) {
        return dataOf(type).getSchema(type);
    }

    /** The model with the logical-type conversions of that class. */
    static SpecificData dataOf(Class<? extends SpecificRecord> type) {
        return SpecificData.getForClass(type);
    }
}
