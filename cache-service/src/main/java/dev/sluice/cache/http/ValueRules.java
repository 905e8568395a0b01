package dev.sluice.cache.http;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.namespace.NamespaceRules;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;

/** Which values a namespace takes. Pure. */
final class ValueRules {

    private ValueRules() {}

    /** The value of these bytes; refuses more of them than the namespace may have. */
    static CacheValue value(NamespaceRules rules, byte[] bytes, String contentType) {
        rules.maxValueBytes().filter(max -> bytes.length > max).ifPresent(max -> {
            throw ProblemException.ofField(
                    ProblemType.TOO_LARGE,
                    "body",
                    "Send at most " + max + " bytes to this namespace, or lay down a greater maxValueBytes for it.");
        });
        return CacheValue.of(bytes, contentType);
    }
}
