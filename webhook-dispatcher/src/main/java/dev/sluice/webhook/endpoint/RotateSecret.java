package dev.sluice.webhook.endpoint;

import dev.sluice.webhook.signing.SymmetricKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for another secret.
 *
 * @param secret the new one; made by the platform when left out
 * @param overlap ISO 8601 duration for which the old one signs too, PT0S to P7D; a day when left out
 */
record RotateSecret(@Nullable String secret, @Nullable String overlap) {

    private static final Duration USUAL = Duration.ofHours(24);
    private static final Duration MAX = Duration.ofDays(7);

    /** Checks a request; all that is wrong with it is said at once. */
    Rotation checked() {
        FieldChecks checks = new FieldChecks();
        Optional<SymmetricKey> supplied = Optional.ofNullable(secret)
                .map(text -> checks.checked("secret", "invalid_secret", () -> SymmetricKey.parse(text)));
        Duration lasting = checks.checked("overlap", "invalid_overlap", () -> duration(overlap));
        if (lasting == null || !checks.isClean()) {
            throw checks.problem();
        }
        return new Rotation(supplied, lasting);
    }

    /** What was asked for, checked. */
    record Rotation(Optional<SymmetricKey> secret, Duration overlap) {}

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
