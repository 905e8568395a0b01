package dev.sluice.cache.namespace;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import java.nio.charset.StandardCharsets;

/** Which namespaces and keys there may be. What a path can carry at all is decided by platform-web before. Pure. */
public final class KeyRules {

    public static final int MAX_KEY_BYTES = 512;

    public static final String NAMESPACE_REMEDY =
            "Name the namespace with 1 to 64 of a-z, 0-9, dot, underscore and hyphen; begin with a letter or digit.";

    public static final String KEY_REMEDY =
            "Use a key of 1 to " + MAX_KEY_BYTES + " bytes in UTF-8, none of them a control character.";

    private static final int MAX_NAMESPACE = 64;

    /** Of one char in UTF-8. */
    private static final int MOST_BYTES = 3;

    private KeyRules() {}

    /** The key of a tenant under decoded path segments. */
    public static CacheKey require(String tenant, String namespace, String key) {
        requireNamespace(namespace);
        if (key.isEmpty() || isTooLong(key)) {
            throw invalid("key", "Use a key of 1 to " + MAX_KEY_BYTES + " bytes in UTF-8, counted after decoding.");
        }
        if (hasControl(key)) {
            throw invalid("key", "Leave control characters out of the key.");
        }
        return new CacheKey(tenant, namespace, key);
    }

    public static boolean isKey(String key) {
        return !key.isEmpty() && !isTooLong(key) && !hasControl(key);
    }

    private static boolean isTooLong(String key) {
        return key.length() > MAX_KEY_BYTES / MOST_BYTES && key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES;
    }

    private static boolean hasControl(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isISOControl(key.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    public static void requireNamespace(String namespace) {
        if (!isNamespace(namespace)) {
            throw invalid("namespace", NAMESPACE_REMEDY);
        }
    }

    public static boolean isNamespace(String namespace) {
        for (int i = 0; i < namespace.length(); i++) {
            char c = namespace.charAt(i);
            boolean inner = c == '.' || c == '_' || c == '-';
            if (!isLowerLetterOrDigit(c) && (i == 0 || !inner)) {
                return false;
            }
        }
        return !namespace.isEmpty() && namespace.length() <= MAX_NAMESPACE;
    }

    private static boolean isLowerLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static ProblemException invalid(String field, String detail) {
        return ProblemException.ofField(ProblemType.INVALID_PATH, field, detail);
    }
}
