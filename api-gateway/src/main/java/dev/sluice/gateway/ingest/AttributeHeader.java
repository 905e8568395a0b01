package dev.sluice.gateway.ingest;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads an attribute from the value of its HTTP header (HTTP binding 1.0.2, section 3.1.3.2): a double-quoted string is
 * unescaped first, then one round of percent-decoding gives UTF-8. Spaces may stand as they are, as in older versions of
 * the binding. Pure.
 */
final class AttributeHeader {

    private AttributeHeader() {}

    /** Empty when two readers could read the value differently. */
    static Optional<String> decode(String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c > '~')) {
            return Optional.empty();
        }
        return unquote(value).flatMap(AttributeHeader::decodePercents);
    }

    private static Optional<String> unquote(String value) {
        if (!value.startsWith("\"")) {
            return value.indexOf('"') < 0 ? Optional.of(value) : Optional.empty();
        }
        StringBuilder text = new StringBuilder(value.length());
        int at = 1;
        while (at < value.length() && value.charAt(at) != '"') {
            if (value.charAt(at) == '\\') {
                at++;
            }
            if (at == value.length()) {
                return Optional.empty();
            }
            text.append(value.charAt(at++));
        }
        return at == value.length() - 1 ? Optional.of(text.toString()) : Optional.empty();
    }

    private static Optional<String> decodePercents(String text) {
        if (text.indexOf('%') < 0) {
            return Optional.of(text);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
            int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            bytes.write(high << 4 | low);
            at += 2;
        }
        return decodeUtf8(bytes.toByteArray());
    }

    private static Optional<String> decodeUtf8(byte[] bytes) {
        try {
            // A new decoder reports what is malformed: overlong forms and surrogates too.
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
