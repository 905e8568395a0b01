package dev.sluice.webhook.egress;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The beginning of an answer's body as a text that harms nobody who looks at it: what is no UTF-8, what steers terminals and
 * what turns the direction of text stand as U+FFFD; lines and tabs stay.
 *
 * @param truncated whether there is more of it
 */
public record Snippet(String text, boolean truncated) {

    private static final char REPLACEMENT = '\uFFFD';
    private static final int MAX_BYTES_PER_CHARACTER = 4;

    /** The first characters of a body. */
    public static Snippet of(ByteBuffer body, int maxCharacters) {
        byte[] bytes = new byte[Math.min(body.remaining(), maxCharacters * MAX_BYTES_PER_CHARACTER)];
        body.duplicate().get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        StringBuilder harmless = new StringBuilder();
        int read = 0;
        for (int count = 0; count < maxCharacters && read < text.length(); count++) {
            int character = text.codePointAt(read);
            harmless.appendCodePoint(isHarmless(character) ? character : REPLACEMENT);
            read += Character.charCount(character);
        }
        return new Snippet(harmless.toString(), read < text.length() || bytes.length < body.remaining());
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL -> character == '\n' || character == '\t';
            case Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }
}
