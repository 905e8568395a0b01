package dev.sluice.webhook.endpoint;

import dev.sluice.record.SignatureScheme;
import dev.sluice.webhook.secret.SecretKeyring;
import dev.sluice.webhook.signing.SigningKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for another secret.
 *
 * @param secret the new one; made by the platform when left out
 * @param scheme {@code v1} or {@code v1a}, whose secret is to be another; that of the secret, or all there are, when left out
 * @param overlap ISO 8601 duration for which the old one signs too, PT0S to P7D; a day when left out
 */
record RotateSecret(
        @Nullable String secret,
        @Nullable String scheme,
        @Nullable String overlap) {

    private static final Duration USUAL = Duration.ofHours(24);
    private static final Duration MAX = Duration.ofDays(7);

    /** Checks a request; all that is wrong with it is said at once. */
    Rotation checked() {
        FieldChecks checks = new FieldChecks();
        Optional<SigningKey> supplied = Optional.ofNullable(secret)
                .map(text -> checks.checked("secret", "invalid_secret", () -> SigningKey.parse(text)));
        Optional<SignatureScheme> wanted =
                Optional.ofNullable(scheme).map(text -> checks.checked("scheme", "invalid_scheme", () -> scheme(text)));
        Optional<SignatureScheme> brought = supplied.map(SecretKeyring::schemeOf);
        if (wanted.isPresent() && brought.isPresent() && !wanted.equals(brought)) {
            checks.refuse("secret", "invalid_secret", "secret must be for the scheme: whsec_ for v1, whsk_ for v1a");
        }
        Duration lasting = checks.checked("overlap", "invalid_overlap", () -> duration(overlap));
        if (lasting == null || !checks.isClean()) {
            throw checks.problem();
        }
        return new Rotation(supplied, wanted.or(() -> brought), lasting);
    }

    /**
     * What was asked for, checked.
     *
     * @param scheme that of the secret where there is one; all that the endpoint has when empty
     */
    record Rotation(Optional<SigningKey> secret, Optional<SignatureScheme> scheme, Duration overlap) {}

    private static SignatureScheme scheme(String text) {
        return switch (text) {
            case "v1" -> SignatureScheme.V1;
            case "v1a" -> SignatureScheme.V1A;
            default -> throw new IllegalArgumentException("scheme must be v1 or v1a; left out, all of the webhook's");
        };
    }

    private static Duration duration(@Nullable String text) {
        if (text == null) {
            return USUAL;
        }
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative() && duration.compareTo(MAX) <= 0) {
                return duration;
            }
        } catch (DateTimeException _) {
            // Answered below, with the bounds.
        }
        throw new IllegalArgumentException(
                "send an ISO 8601 duration from PT0S, which ends old secrets at once, to P7D, such as PT24H");
    }

    @Override
    public String toString() {
        return "RotateSecret[overlap=" + overlap + "]";
    }
}
