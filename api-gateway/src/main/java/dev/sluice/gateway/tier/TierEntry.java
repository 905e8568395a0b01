package dev.sluice.gateway.tier;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.record.Tier;

/**
 * A tier and where it stands.
 *
 * @param version its version in the log; {@link LogTable#ABSENT} when only the program has it
 */
record TierEntry(Tier tier, long version) {

    private static final String SHIPPED = "\"shipped\"";

    /** A strong entity tag (RFC 9110, section 8.8.3). */
    String entityTag() {
        return version == LogTable.ABSENT ? SHIPPED : "\"" + version + "\"";
    }
}
