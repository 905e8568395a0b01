package dev.sluice.benchmarks.cache;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs the identity of a caller as a gateway does, for services that are asked past it. Not thread-safe. */
final class CallerIdentity {

    static final String TENANT = "benchmark";

    private static final String ALGORITHM = "HmacSHA256";

    /** It is believed for a minute. */
    private static final Duration RENEWED_AFTER = Duration.ofSeconds(20);

    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final SecretKeySpec key;
    private final InstantSource clock;
    private String token = "";
    private long signedAt = Long.MIN_VALUE;

    CallerIdentity(String secret, InstantSource clock) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.clock = clock;
    }

    /** The arguments are the file to print one to, and the secret that the service shares with its gateway. */
    public static void main(String[] arguments) throws IOException {
        try (PrintStream out = new PrintStream(arguments[0], StandardCharsets.UTF_8)) {
            out.println(new CallerIdentity(arguments[1], InstantSource.system()).token());
        }
    }

    /** The value of {@code X-Sluice-Identity}. */
    String token() {
        long now = clock.instant().getEpochSecond();
        if (now - RENEWED_AFTER.toSeconds() >= signedAt) {
            signedAt = now;
            token = sign(now + "\n" + TENANT + "\nkey-1\nfree\ncache:read cache:write");
        }
        return token;
    }

    private String sign(String identity) {
        try {
            String payload = "v1." + ENCODER.encodeToString(identity.getBytes(StandardCharsets.UTF_8));
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return payload + "." + ENCODER.encodeToString(mac.doFinal(payload.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
