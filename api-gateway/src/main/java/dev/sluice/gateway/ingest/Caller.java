package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.Identity;
import org.jspecify.annotations.Nullable;

/** Who sends events, and in which trace. */
record Caller(Identity identity, @Nullable String traceParent) {

    String tenant() {
        return identity.tenant();
    }
}
