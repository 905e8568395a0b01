package dev.sluice.webhook.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A public key as a JSON Web Key (RFC 8037, section 2).
 *
 * @param x the 32 bytes in base64url
 * @param kid the thumbprint of the key (RFC 7638), so that it is the same wherever it is worked out
 */
public record Jwk(String kty, String crv, String x, String kid, String use, String alg) {

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    public static Jwk of(Ed25519Key key) {
        String x = ENCODER.encodeToString(key.publicKey());
        return new Jwk("OKP", "Ed25519", x, thumbprint(x), "sig", "EdDSA");
    }

    private static String thumbprint(String x) {
        // RFC 7638, section 3: the required members alone, in this order, without spaces.
        String members = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}";
        try {
            return ENCODER.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
