package dev.sluice.webhook.fanout;

import dev.sluice.record.DomainEvent;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The id of one event on its way to one endpoint: {@code msg_} and 27 base62 characters of a hash, so that the same event
 * fanned out again has the same id. No dots: they would be ambiguous in the signed content.
 */
final class DeliveryId {

    private static final String PREFIX = "msg_";
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger RADIX = BigInteger.valueOf(ALPHABET.length());
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
        return PREFIX + base62(new BigInteger(1, Arrays.copyOf(digest.digest(), HASH_BYTES)));
    }

    private static String base62(BigInteger number) {
        char[] text = new char[LENGTH];
        BigInteger rest = number;
        for (int i = LENGTH - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(RADIX);
            text[i] = ALPHABET.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(text);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
