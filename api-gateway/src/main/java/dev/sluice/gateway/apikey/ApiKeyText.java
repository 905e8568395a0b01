package dev.sluice.gateway.apikey;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/**
 * An API key in full: {@code slk_<environment>_<id>_<secret><checksum>}, base62, with a secret of 256 bits. The checksum
 * is the CRC32 of all that precedes it, so that a mistyped key is refused without a look-up (as GitHub's tokens are). Pure.
 */
public final class ApiKeyText {

    static final String LIVE = "live";
    static final String TEST = "test";

    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 16;
    /** 62^43 is just above 2^256. */
    private static final int SECRET_LENGTH = 43;
    /** 62^6 is above 2^32. */
    private static final int CHECKSUM_LENGTH = 6;

    private static final String PREFIX = "slk_";
    private static final int ENVIRONMENT_END = PREFIX.length() + LIVE.length();
    private static final int ID_END = ENVIRONMENT_END + 1 + ID_LENGTH;
    private static final int LENGTH = ID_END + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;

    private final String environment;
    private final String id;
    private final String text;

    private ApiKeyText(String environment, String id, String text) {
        this.environment = environment;
        this.id = id;
        this.text = text;
    }

    /** The key that a text is; empty when it is none, or mistyped. */
    public static Optional<ApiKeyText> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        String environment = text.substring(PREFIX.length(), ENVIRONMENT_END);
        int end = LENGTH - CHECKSUM_LENGTH;
        // By hand: a regular expression took longer than all the rest of the check, and every request pays for it.
        boolean shaped = text.startsWith(PREFIX)
                && (environment.equals(LIVE) || environment.equals(TEST))
                && text.charAt(ENVIRONMENT_END) == '_'
                && isBase62(text, ENVIRONMENT_END + 1, ID_END)
                && text.charAt(ID_END) == '_'
                && isBase62(text, ID_END + 1, LENGTH);
        if (!shaped || !checksum(text.substring(0, end)).equals(text.substring(end))) {
            return Optional.empty();
        }
        return Optional.of(new ApiKeyText(environment, text.substring(ENVIRONMENT_END + 1, ID_END), text));
    }

    private static boolean isBase62(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean isIn = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!isIn) {
                return false;
            }
        }
        return true;
    }

    /** A new key; the generator must be a secure one. */
    static ApiKeyText generate(String environment, RandomGenerator random) {
        String id = randomText(ID_LENGTH, random);
        String body = "slk_" + environment + "_" + id + "_" + randomText(SECRET_LENGTH, random);
        return new ApiKeyText(environment, id, body + checksum(body));
    }

    public String environment() {
        return environment;
    }

    public String id() {
        return id;
    }

    /** The whole key: shown once to whoever made it, and never kept. */
    String reveal() {
        return text;
    }

    /** SHA-256 of the whole key. A fast hash is enough: a secret of 256 random bits cannot be guessed. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "ApiKeyText[id=" + id + "]";
    }

    private static String checksum(String body) {
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
