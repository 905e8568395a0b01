package dev.sluice.gateway.eventtype;

import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.util.regex.Pattern;

/** What a type of events is called, and whose it is. */
record TypeName(String tenant, String name) {

    /** As the type attribute of an event. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9_.]{1,64}");

    /** Refuses a name that no event can have as its type. */
    static TypeName of(String tenant, String name) {
        if (!NAME.matcher(name).matches()) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PATH,
                    "name",
                    "Use 1 to 64 of a-z, 0-9, underscore and dot, such as order.created.");
        }
        return new TypeName(tenant, name);
    }

    /** The key of a version on the log. */
    String key(int version) {
        return tenant + "|" + name + "|" + version;
    }
}
