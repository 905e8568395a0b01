package dev.sluice.gateway.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

/** SHA-256 over what was sent, in 43 characters, to tell the same from another. Pure. */
final class Fingerprint {

    private static final int NAME_BYTES = 16;

    private Fingerprint() {}

    /** The same for the same event in every content mode: of its attributes as sent, in order, and its data. */
    static String of(RawEvent event) {
        MessageDigest digest = sha256();
        String[] names = event.attributes().keySet().toArray(String[]::new);
        Arrays.sort(names);
        byte[][] texts = new byte[2 * names.length][];
        for (int i = 0; i < names.length; i++) {
            texts[2 * i] = bytesOf(names[i]);
            texts[2 * i + 1] = bytesOf(Objects.requireNonNull(event.attributes().get(names[i])));
        }
        digest.update(together(texts));
        ByteBuffer data = event.data();
        if (data != null) {
            digest.update((byte) 1);
            digest.update(data.duplicate());
        }
        return encode(digest.digest());
    }

    /** Of the body of a request; never that of an event. */
    static String of(byte[] body) {
        MessageDigest digest = sha256();
        digest.update(together(bytesOf("batch")));
        digest.update((byte) 2);
        digest.update(body);
        return encode(digest.digest());
    }

    /** A short name for any texts, of 22 characters; equal only for equal ones. */
    static String name(String... texts) {
        byte[][] all = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            all[i] = bytesOf(texts[i]);
        }
        return encode(Arrays.copyOf(sha256().digest(together(all)), NAME_BYTES));
    }

    /** Each with its length, so that no two lists of texts run together alike. */
    private static byte[] together(byte[]... texts) {
        int length = texts.length * Integer.BYTES;
        for (byte[] text : texts) {
            length += text.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] text : texts) {
            all.putInt(text.length).put(text);
        }
        return all.array();
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] hash) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
