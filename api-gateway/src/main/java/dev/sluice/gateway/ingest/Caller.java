package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Who sends events.
 *
 * @param traceParent the trace in which they came
 * @param idempotencyKey the name that the request was given
 */
record Caller(
        Identity identity,
        @Nullable String traceParent,
        @Nullable String idempotencyKey) {

    String tenant() {
        return identity.tenant();
    }
}
