package dev.sluice.webhook.fanout;

import dev.sluice.record.DomainEvent;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The id of one event on its way to one endpoint: {@code msg_} and 27 base62 characters of a hash, so that the same event
 * fanned out again has the same id. No dots: they would be ambiguous in the signed content.
 */
final class DeliveryId {

    private static final String PREFIX = "msg_";
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int DIGITS = 5;
    /** 62^5, below 2^30: a remainder and 32 bits more fit into a long. */
    private static final long DIVISOR = 916_132_832;

    private static final int HASH_BYTES = 20;
    // 62^27 > 2^160.
    private static final int LENGTH = 27;

    private DeliveryId() {}

    /** CloudEvents: source and id identify an event, within its tenant here. */
    static String of(DomainEvent event, String endpointId) {
        MessageDigest digest = sha256();
        for (String part : new String[] {event.getTenant(), event.getSource(), event.getId(), endpointId}) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            // Lengths keep "a" + "bc" apart from "ab" + "c".
            digest.update(BigInteger.valueOf(bytes.length).toByteArray());
            digest.update((byte) ':');
            digest.update(bytes);
        }
        return PREFIX + base62(digest.digest());
    }

    /** The number that the bytes are, the highest first: divided by 62^5 again and again, which leaves five digits each time. */
    static String base62(byte[] number) {
        int[] rest = new int[HASH_BYTES / Integer.BYTES];
        ByteBuffer.wrap(number, 0, HASH_BYTES).asIntBuffer().get(rest);
        char[] text = new char[LENGTH];
        int end = LENGTH;
        while (end > 0) {
            long digits = divide(rest);
            for (int i = 0; i < DIGITS && end > 0; i++) {
                text[--end] = ALPHABET.charAt((int) (digits % ALPHABET.length()));
                digits /= ALPHABET.length();
            }
        }
        return new String(text);
    }

    /** Divides in place and answers the remainder. */
    private static long divide(int[] number) {
        long remainder = 0;
        for (int i = 0; i < number.length; i++) {
            long part = remainder << Integer.SIZE | Integer.toUnsignedLong(number[i]);
            number[i] = (int) (part / DIVISOR);
            remainder = part % DIVISOR;
        }
        return remainder;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
