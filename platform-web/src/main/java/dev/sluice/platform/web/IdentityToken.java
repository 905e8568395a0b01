package dev.sluice.platform.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The identity as it travels from the gateway to a service: {@code v1.<payload>.<HMAC-SHA256>}, both base64url. Valid
 * for a minute around its issue, so that a captured one is soon worth nothing. Thread-safe.
 */
public final class IdentityToken {

    /** The header that carries it. */
    public static final String HEADER = "X-Sluice-Identity";

    private static final Duration VALIDITY = Duration.ofMinutes(1);
    private static final int MIN_SECRET_BYTES = 32;
    private static final String VERSION = "v1";
    private static final String ALGORITHM = "HmacSHA256";
    private static final char SEPARATOR = '\n';
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final SecretKeySpec key;
    private final InstantSource clock;

    public IdentityToken(String secret, InstantSource clock) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < MIN_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "sluice.internal.secret must have at least " + MIN_SECRET_BYTES + " bytes; it has " + bytes.length);
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
        this.clock = clock;
    }

    public String sign(Identity identity) {
        String payload = ENCODER.encodeToString(encode(identity).getBytes(StandardCharsets.UTF_8));
        return VERSION + "." + payload + "." + ENCODER.encodeToString(mac(payload));
    }

    /** The identity in a token that is ours and fresh. */
    public Optional<Identity> verify(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            return Optional.empty();
        }
        try {
            if (!MessageDigest.isEqual(mac(parts[1]), DECODER.decode(parts[2]))) {
                return Optional.empty();
            }
            return decode(new String(DECODER.decode(parts[1]), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private String encode(Identity identity) {
        return String.join(
                String.valueOf(SEPARATOR),
                Long.toString(clock.instant().getEpochSecond()),
                identity.tenant(),
                identity.keyId(),
                identity.tier(),
                String.join(" ", new TreeSet<>(identity.scopes())));
    }

    private Optional<Identity> decode(String text) {
        String[] fields = text.split(String.valueOf(SEPARATOR), -1);
        if (fields.length != 5) {
            return Optional.empty();
        }
        Instant issued = Instant.ofEpochSecond(Long.parseLong(fields[0]));
        if (Duration.between(issued, clock.instant()).abs().compareTo(VALIDITY) > 0) {
            return Optional.empty();
        }
        Set<String> scopes = Arrays.stream(fields[4].split(" "))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        return Optional.of(new Identity(fields[1], fields[2], fields[3], scopes));
    }

    private byte[] mac(String payload) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal((VERSION + "." + payload).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
