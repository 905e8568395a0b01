package dev.sluice.webhook.endpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an endpoint, to its owner alone. What signs in v1a is shown to nobody: receivers need its public key.
 *
 * @param secret that signs first in v1, in clear; absent when it is signed in v1a alone
 * @param publicKey of what signs first in v1a; absent when it is signed in v1 alone
 * @param createdAt when the newest of them was made
 * @param previous those that sign beside it, the newest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SecretView(
        String id, @Nullable String secret, @Nullable String publicKey, Instant createdAt, List<Previous> previous) {

    /**
     * One that goes on signing until then.
     *
     * @param scheme {@code v1} or {@code v1a}
     * @param publicKey of one in v1a
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Previous(
            String scheme,
            Instant createdAt,
            Instant expiresAt,
            @Nullable String publicKey) {}

    @Override
    public String toString() {
        return "SecretView[id=" + id + "]";
    }
}
