package dev.sluice.e2e;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Something that nobody but its owner may read, with all the forms in which half of it could be read all the same.
 *
 * @param name what it is, for the report of a test
 */
record Secret(String name, Set<String> forms) {

    /** Less may stand anywhere by chance. */
    private static final int SHORTEST = 16;

    /** A secret that is used as it is written. */
    static Secret of(String name, String text) {
        if (text.length() < SHORTEST) {
            throw new IllegalArgumentException(name + " is too short to be searched for");
        }
        Set<String> forms = new LinkedHashSet<>();
        addHalves(forms, text.getBytes(StandardCharsets.UTF_8));
        return new Secret(name, forms);
    }

    /** A secret whose bytes are written in base64: neither may show. */
    static Secret ofBase64(String name, String base64) {
        Secret written = of(name, base64);
        addHalves(
                written.forms(),
                Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/')));
        return written;
    }

    /** Whether it can be read in these bytes, each of them one character. */
    boolean isIn(String bytes) {
        return forms.stream().anyMatch(bytes::contains);
    }

    private static void addHalves(Set<String> forms, byte[] secret) {
        int half = secret.length / 2;
        addForms(forms, Arrays.copyOf(secret, half));
        addForms(forms, Arrays.copyOfRange(secret, half, secret.length));
    }

    private static void addForms(Set<String> forms, byte[] secret) {
        String text = new String(secret, StandardCharsets.ISO_8859_1);
        forms.add(text);
        forms.add(URLEncoder.encode(text, StandardCharsets.ISO_8859_1));
        forms.add(HexFormat.of().formatHex(secret));
        forms.add(HexFormat.of().withUpperCase().formatHex(secret));
        for (int before = 0; before < 3; before++) {
            String inside = base64Inside(secret, before);
            forms.add(inside);
            forms.add(inside.replace('+', '-').replace('/', '_'));
        }
    }

    /**
     * What stands in base64 of a longer text for the part of it that begins so many bytes behind a multiple of three,
     * without the characters that depend on what is around it.
     */
    private static String base64Inside(byte[] part, int before) {
        byte[] shifted = new byte[before + part.length];
        System.arraycopy(part, 0, shifted, before, part.length);
        String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        return encoded.substring(before == 0 ? 0 : before + 1, shifted.length * 8 / 6);
    }
}
