package dev.sluice.webhook.signing;

import java.util.Base64;

/** Keys as texts: a prefix and padded standard base64. Its refusals never hold the text. */
final class KeyText {

    private KeyText() {}

    /** The bytes after the prefix, which the text begins with. */
    static byte[] decode(String prefix, String text) {
        String encoded = text.substring(prefix.length());
        byte[] material = decoded(prefix, encoded);
        // The decoder takes several texts for the same bytes.
        if (!Base64.getEncoder().encodeToString(material).equals(encoded)) {
            throw new IllegalArgumentException(wanted(prefix));
        }
        return material;
    }

    private static byte[] decoded(String prefix, String encoded) {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(wanted(prefix), e);
        }
    }

    private static String wanted(String prefix) {
        return "secret must be padded standard base64 after " + prefix;
    }
}
