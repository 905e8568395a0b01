package dev.sluice.platform.web;

import java.util.regex.Pattern;

/** Takes API keys, session tokens and webhook secrets out of what was sent before any of it is shown. Pure. */
public final class SecretMask {

    /**
     * Their prefixes, and what may follow: base64 has slashes, and a client may have percent-encoded some of it. Fewer
     * than eight characters more are no secret.
     */
    private static final Pattern SECRET = Pattern.compile("(slk_|sls_|whsec_)[\\w+/=%~-]{8,}");

    private SecretMask() {}

    /** The text with the prefix alone left of each secret. */
    public static String mask(String text) {
        // Most texts end here; every request has one.
        return text.indexOf('_') < 0 ? text : SECRET.matcher(text).replaceAll("$1***");
    }
}
