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
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

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

    /** A gateway signs the same for all requests of a key in one second. A power of two. */
    private static final int REMEMBERED = 1024;

    private final SecretKeySpec key;
    private final InstantSource clock;

    /** Tokens that were ours, each where the hash of its payload says: what they held need not be worked out again. */
    private final AtomicReferenceArray<@Nullable Verified> remembered = new AtomicReferenceArray<>(REMEMBERED);

    private static final class Verified {
        private final String payload;
        private final byte[] mac;
        private final Instant issued;
        private final Identity identity;

        Verified(String payload, byte[] mac, Instant issued, Identity identity) {
            this.payload = payload;
            this.mac = mac;
            this.issued = issued;
            this.identity = identity;
        }
    }

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
            byte[] mac = DECODER.decode(parts[2]);
            Verified known = remembered.get(placeOf(parts[1]));
            Verified verified = known != null && known.payload.equals(parts[1]) ? known : verified(parts[1], mac);
            return verified != null && MessageDigest.isEqual(verified.mac, mac) && isFresh(verified.issued)
                    ? Optional.of(verified.identity)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What a payload says, if the code is ours; whether it is still fresh is another question. */
    private @Nullable Verified verified(String payload, byte[] mac) {
        byte[] ours = mac(payload);
        if (!MessageDigest.isEqual(ours, mac)) {
            return null;
        }
        String[] fields =
                new String(DECODER.decode(payload), StandardCharsets.UTF_8).split(String.valueOf(SEPARATOR), -1);
        if (fields.length != 5) {
            return null;
        }
        Set<String> scopes = Arrays.stream(fields[4].split(" "))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        Verified verified = new Verified(
                payload,
                ours,
                Instant.ofEpochSecond(Long.parseLong(fields[0])),
                new Identity(fields[1], fields[2], fields[3], scopes));
        remembered.set(placeOf(payload), verified);
        return verified;
    }

    private static int placeOf(String payload) {
        return payload.hashCode() & (REMEMBERED - 1);
    }

    private boolean isFresh(Instant issued) {
        return Duration.between(issued, clock.instant()).abs().compareTo(VALIDITY) <= 0;
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
