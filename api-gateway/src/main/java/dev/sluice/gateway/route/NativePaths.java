package dev.sluice.gateway.route;

import java.util.List;

/** The paths that are the platform's own, on every host: no route gets them. */
public final class NativePaths {

    private static final List<String> PREFIXES = List.of("/api/v1", "/schema-registry", "/actuator");

    private static final String ROOT = "/";

    private NativePaths() {}

    /** Whether a path, decoded, is one of them or below one. */
    public static boolean contain(String path) {
        for (String prefix : PREFIXES) {
            if (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is that of the console, which routes can have for the hosts that they name, not for all. */
    public static boolean isRoot(String path) {
        return path.equals(ROOT);
    }

    static List<String> prefixes() {
        return PREFIXES;
    }
}
