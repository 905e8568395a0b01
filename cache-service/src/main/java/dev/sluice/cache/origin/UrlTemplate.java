package dev.sluice.cache.origin;

import dev.sluice.platform.web.egress.RefusedUrlException;
import dev.sluice.platform.web.egress.UrlRules;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** URLs in which {@code {key}} stands for the key, once, behind the host. Pure. */
final class UrlTemplate {

    private static final String KEY = "{key}";

    /** Stands for the key while the rest is looked at; letters that no parser changes. */
    private static final String STAND_IN = "theKeyOfTheValueStandsHere";

    /** Leaves room for a key of 512 bytes, of which each takes three characters. */
    private static final int MAX_LENGTH = 500;

    private static final String HEX = "0123456789ABCDEF";

    private UrlTemplate() {}

    /**
     * The normalised form of a template; it is what must be stored.
     *
     * @throws RefusedUrlException when values are not loaded from there
     */
    static String normalise(String template, UrlRules rules) {
        if (template.length() > MAX_LENGTH) {
            throw new RefusedUrlException("must have at most " + MAX_LENGTH + " characters");
        }
        String normal = rules.normalise(template.replace(KEY, STAND_IN));
        int place = normal.indexOf(STAND_IN);
        int path = normal.indexOf('/', normal.indexOf("://") + 3);
        if (place < path || place != normal.lastIndexOf(STAND_IN)) {
            throw new RefusedUrlException("must have " + KEY + " once, in its path or query");
        }
        return normal.replace(STAND_IN, KEY);
    }

    /** The URL of a key; empty for a key that would lead to another path. */
    static Optional<String> urlOf(String template, String key) {
        return key.equals(".") || key.equals("..") ? Optional.empty() : Optional.of(template.replace(KEY, encode(key)));
    }

    /** Everything but the unreserved characters (RFC 3986, section 2.3). */
    private static String encode(String key) {
        StringBuilder encoded = new StringBuilder(key.length() + 16);
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isUnreserved(c)) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }
}
