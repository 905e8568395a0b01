package dev.sluice.cache.namespace;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Which namespaces and keys there may be. What a path can carry at all is decided by platform-web before. Pure. */
public final class KeyRules {

    public static final int MAX_KEY_BYTES = 512;

    public static final String NAMESPACE_REMEDY =
            "Name the namespace with 1 to 64 of a-z, 0-9, dot, underscore and hyphen; begin with a letter or digit.";

    public static final String KEY_REMEDY =
            "Use a key of 1 to " + MAX_KEY_BYTES + " bytes in UTF-8, none of them a control character.";

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private KeyRules() {}

    /** The key of a tenant under decoded path segments. */
    public static CacheKey require(String tenant, String namespace, String key) {
        requireNamespace(namespace);
        if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw invalid("key", "Use a key of 1 to " + MAX_KEY_BYTES + " bytes in UTF-8, counted after decoding.");
        }
        if (key.codePoints().anyMatch(Character::isISOControl)) {
            throw invalid("key", "Leave control characters out of the key.");
        }
        return new CacheKey(tenant, namespace, key);
    }

    public static boolean isKey(String key) {
        return !key.isEmpty()
                && key.getBytes(StandardCharsets.UTF_8).length <= MAX_KEY_BYTES
                && key.codePoints().noneMatch(Character::isISOControl);
    }

    public static void requireNamespace(String namespace) {
        if (!isNamespace(namespace)) {
            throw invalid("namespace", NAMESPACE_REMEDY);
        }
    }

    public static boolean isNamespace(String namespace) {
        return NAMESPACE.matcher(namespace).matches();
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_PATH, field, detail);
    }
}
