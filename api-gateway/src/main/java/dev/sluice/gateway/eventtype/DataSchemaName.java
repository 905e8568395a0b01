package dev.sluice.gateway.eventtype;

import dev.sluice.record.EventType;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the dataschema attribute of an event calls a version of the catalogue: a name, which is never looked up. Pure. */
record DataSchemaName(String type, Optional<Integer> version) {

    private static final String PREFIX = "urn:sluice:event-type:";
    private static final Pattern NAME = Pattern.compile(PREFIX + "([a-z0-9_.]{1,64}):([1-9][0-9]{0,8})");

    static String of(EventType type) {
        return PREFIX + type.getName() + ":" + type.getVersion();
    }

    /** Empty when the attribute names a schema of the producer's own. The version is empty when none can be called so. */
    static Optional<DataSchemaName> parse(String dataSchema) {
        if (!dataSchema.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Matcher name = NAME.matcher(dataSchema);
        return Optional.of(
                name.matches()
                        ? new DataSchemaName(name.group(1), Optional.of(Integer.valueOf(name.group(2))))
                        : new DataSchemaName("", Optional.empty()));
    }
}
