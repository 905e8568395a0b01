package dev.sluice.gateway.session;

import java.util.random.RandomGenerator;

/** Makes tokens that nobody can guess. Thread-safe if its generator is. */
final class SessionTokens {

    private final RandomGenerator random;

    /** @param random a secure one */
    SessionTokens(RandomGenerator random) {
        this.random = random;
    }

    SessionToken next(String tenant, String user) {
        return SessionToken.generate(tenant, user, random);
    }
}
