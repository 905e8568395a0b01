package dev.sluice.standalone.key;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * Makes API keys {@code slk_<env>_<id>_<secret><crc>}: base62, a secret of 256 bits, and the CRC32 of all that precedes
 * it. The gateway owns this format; a key made here must pass its check.
 */
public final class ApiKeyFormat {

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 16;
    /** 62^43 is just above 2^256. */
    private static final int SECRET_LENGTH = 43;
    /** 62^6 is above 2^32. */
    private static final int CHECKSUM_LENGTH = 6;

    private ApiKeyFormat() {}

    /** The environment is {@code live} or {@code test}; the generator must be a secure one. */
    public static String generate(String environment, RandomGenerator random) {
        String body =
                "slk_" + environment + "_" + randomText(ID_LENGTH, random) + "_" + randomText(SECRET_LENGTH, random);
        return body + checksum(body);
    }

    static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        char[] digits = new char[CHECKSUM_LENGTH];
        long rest = crc.getValue();
        for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
            digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
            rest /= ALPHABET.length();
        }
        return new String(digits);
    }

    private static String randomText(int length, RandomGenerator random) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
