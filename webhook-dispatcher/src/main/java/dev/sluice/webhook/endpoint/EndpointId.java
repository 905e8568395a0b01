package dev.sluice.webhook.endpoint;

import java.math.BigInteger;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * Ids of endpoints: {@code ep_} and 26 characters of lower-case Crockford base32, 48 bits of milliseconds and 80 random
 * bits as in a ULID, so that ids are in the order of creation.
 */
final class EndpointId {

    private static final String PREFIX = "ep_";
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 26;
    private static final int RANDOM_BYTES = 10;

    private EndpointId() {}

    static String generate(Instant now, RandomGenerator random) {
        byte[] entropy = new byte[RANDOM_BYTES];
        random.nextBytes(entropy);
        BigInteger value = BigInteger.valueOf(now.toEpochMilli())
                .shiftLeft(RANDOM_BYTES * Byte.SIZE)
                .or(new BigInteger(1, entropy));
        char[] text = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt(value.intValue() & 31);
            value = value.shiftRight(5);
        }
        return PREFIX + new String(text);
    }
}
