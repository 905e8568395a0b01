package dev.sluice.gateway.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The name of a session: {@code <owner>_<own>}, in hexadecimal digits. The first part is a hash of tenant and user, by which
 * the sessions of a user are found together; the second is random. No secret. Pure.
 *
 * @param owner 32 digits
 * @param own 16 digits
 */
record SessionId(String owner, String own) {

    static final int LENGTH = 49;

    private static final Pattern SHAPE = Pattern.compile("([0-9a-f]{32})_([0-9a-f]{16})");
    private static final int OWNER_BYTES = 16;

    /** The id that a text is; empty when it is none. */
    static Optional<SessionId> parse(String text) {
        var parts = SHAPE.matcher(text);
        return parts.matches() ? Optional.of(new SessionId(parts.group(1), parts.group(2))) : Optional.empty();
    }

    static SessionId generate(String tenant, String user, RandomGenerator random) {
        return new SessionId(ownerOf(tenant, user), HexFormat.of().toHexDigits(random.nextLong()));
    }

    /** No id of a tenant has a NUL. */
    static String ownerOf(String tenant, String user) {
        byte[] digest = sha256(tenant + "\0" + user);
        return HexFormat.of().formatHex(digest, 0, OWNER_BYTES);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String text() {
        return owner + "_" + own;
    }
}
