package dev.sluice.starter.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Text with the type of all that is not a string: {@code 42} as a long is {@code long:42}, so that it is not the string
 * {@code 42}. What is too long, or no text for a key, is its SHA-256 instead. Pure.
 */
public final class StableKeyText implements CacheKeyText {

    /** What the path of the HTTP API takes. */
    static final int MAX_BYTES = 512;

    static final String HASHED = "sha256:";

    @Override
    public String textOf(Object key) {
        String text = KeyParts.textOf(key);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean plain = bytes.length <= MAX_BYTES
                && new String(bytes, StandardCharsets.UTF_8).equals(text)
                && text.codePoints().noneMatch(Character::isISOControl);
        return plain ? text : HASHED + sha256(text);
    }

    /** Of its UTF-16 code units: a lone surrogate has no bytes in any encoding. */
    static String sha256(String text) {
        try {
            ByteBuffer units = ByteBuffer.allocate(Character.BYTES * text.length());
            var _ = units.asCharBuffer().put(text);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(units);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
