package dev.sluice.gateway.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.TreeMap;

/** SHA-256 over what was sent, in 43 characters, to tell the same from another. Pure. */
final class Fingerprint {

    private static final int NAME_BYTES = 16;

    private Fingerprint() {}

    /** The same for the same event in every content mode: of its attributes as sent, in order, and its data. */
    static String of(RawEvent event) {
        MessageDigest digest = sha256();
        new TreeMap<>(event.attributes()).forEach((name, value) -> {
            add(digest, name);
            add(digest, value);
        });
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
        add(digest, "batch");
        digest.update((byte) 2);
        digest.update(body);
        return encode(digest.digest());
    }

    /** A short name for any texts, of 22 characters; equal only for equal ones. */
    static String name(String... texts) {
        MessageDigest digest = sha256();
        for (String text : texts) {
            add(digest, text);
        }
        return encode(Arrays.copyOf(digest.digest(), NAME_BYTES));
    }

    /** With its length, so that no two lists of texts run together alike. */
    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
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
