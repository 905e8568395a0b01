package dev.sluice.gateway.session;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What a user presents: {@code sls_<session id>_<secret>}, with a secret of 256 bits in base64url. Whoever has it is the
 * user; only a hash of it is kept. Pure.
 */
final class SessionToken {

    private static final String PREFIX = "sls_";
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_LENGTH = 43;
    private static final int ID_END = PREFIX.length() + SessionId.LENGTH;
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{" + SECRET_LENGTH + "}");

    private final SessionId id;
    private final String text;

    private SessionToken(SessionId id, String text) {
        this.id = id;
        this.text = text;
    }

    /** The token that a text is; empty when it is none. */
    static Optional<SessionToken> parse(String text) {
        boolean shaped = text.length() == ID_END + 1 + SECRET_LENGTH
                && text.startsWith(PREFIX)
                && text.charAt(ID_END) == '_'
                && SECRET.matcher(text.substring(ID_END + 1)).matches();
        return shaped
                ? SessionId.parse(text.substring(PREFIX.length(), ID_END)).map(id -> new SessionToken(id, text))
                : Optional.empty();
    }

    /** A new one; the generator must be a secure one. */
    static SessionToken generate(String tenant, String user, RandomGenerator random) {
        SessionId id = SessionId.generate(tenant, user, random);
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String text = PREFIX + id.text() + "_"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        return new SessionToken(id, text);
    }

    SessionId id() {
        return id;
    }

    /** The secret itself: for its user alone. */
    String text() {
        return text;
    }

    String hash() {
        return HexFormat.of().formatHex(SessionId.sha256(text));
    }

    @Override
    public String toString() {
        return "SessionToken[" + id.text() + "]";
    }
}
