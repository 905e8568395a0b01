package dev.sluice.gateway.route;

import dev.sluice.platform.kafka.LogTable;
import java.time.Instant;
import java.util.Optional;

/**
 * A route and where it stands.
 *
 * @param version its version in the log; {@link LogTable#ABSENT} when only the gateway's file has it
 * @param updatedAt when it was put in the log
 */
record RouteEntry(Route route, long version, Optional<Instant> updatedAt) {

    private static final String OF_FILE = "\"file\"";

    /** Where a route comes from. */
    enum Source {
        FILE,
        API
    }

    Source source() {
        return version == LogTable.ABSENT ? Source.FILE : Source.API;
    }

    /** A strong entity tag (RFC 9110, section 8.8.3). */
    String entityTag() {
        return version == LogTable.ABSENT ? OF_FILE : "\"" + version + "\"";
    }
}
