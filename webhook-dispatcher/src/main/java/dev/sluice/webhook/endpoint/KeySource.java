package dev.sluice.webhook.endpoint;

import dev.sluice.record.SignatureScheme;
import dev.sluice.webhook.signing.Ed25519Key;
import dev.sluice.webhook.signing.SigningKey;
import dev.sluice.webhook.signing.SymmetricKey;
import java.util.random.RandomGenerator;

/** New keys that sign. */
final class KeySource {

    private final RandomGenerator random;

    /** @param random a source fit for keys */
    KeySource(RandomGenerator random) {
        this.random = random;
    }

    SigningKey next(SignatureScheme scheme) {
        return switch (scheme) {
            case V1 -> SymmetricKey.generate(random);
            case V1A -> Ed25519Key.generate();
            case UNKNOWN -> throw new IllegalArgumentException("no key signs in an unknown version");
        };
    }
}
