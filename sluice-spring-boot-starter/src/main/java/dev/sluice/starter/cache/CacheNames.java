package dev.sluice.starter.cache;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which namespace a cache has, so that the HTTP API can name it, too. Pure. */
public final class CacheNames {

    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private CacheNames() {}

    /** {@code productsByName} is {@code products-by-name}. Fails where nothing like that comes out. */
    public static String namespaceOf(String cache, String prefix) {
        String name = prefix + HUMP.matcher(cache).replaceAll("-").toLowerCase(Locale.ROOT);
        return require(name, cache);
    }

    /** Fails for what is none. */
    public static String require(String namespace, String cache) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException(
                    "cache " + cache + " cannot have the namespace \"" + namespace
                            + "\": set sluice.starter.caches." + cache
                            + ".namespace to 1 to 64 of a-z, 0-9, dot, underscore and hyphen that begin with a letter or digit");
        }
        return namespace;
    }
}
