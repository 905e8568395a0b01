package dev.sluice.webhook.endpoint;

import dev.sluice.record.SealedSecret;
import dev.sluice.record.SignatureScheme;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** In which versions of Standard Webhooks requests to an endpoint are signed. What it is follows from the keys that it has. */
enum Signatures {
    /** HMAC-SHA256 with a secret that both sides have. */
    V1,
    /** Ed25519; the receiver has the public key alone. */
    V1A,
    /** Each request has both. */
    BOTH;

    /** Refuses a text that is none of them. */
    static Signatures parse(String text) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("signatureScheme must be v1, v1a or both"));
    }

    /** What current keys make of it; v1 when there is none. */
    static Signatures of(List<SealedSecret> secrets) {
        Set<SignatureScheme> current = secrets.stream()
                .filter(secret -> secret.getExpiresAt() == null)
                .map(SealedSecret::getScheme)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(SignatureScheme.class)));
        if (!current.contains(SignatureScheme.V1A)) {
            return V1;
        }
        return current.contains(SignatureScheme.V1) ? BOTH : V1A;
    }

    static Signatures of(SignatureScheme scheme) {
        return scheme == SignatureScheme.V1A ? V1A : V1;
    }

    /** In the order of their signatures in a request. */
    List<SignatureScheme> schemes() {
        return switch (this) {
            case V1 -> List.of(SignatureScheme.V1);
            case V1A -> List.of(SignatureScheme.V1A);
            case BOTH -> List.of(SignatureScheme.V1, SignatureScheme.V1A);
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
