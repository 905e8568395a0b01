package dev.sluice.platform.kafka;

import dev.sluice.record.Tier;
import dev.sluice.schemas.RecordEncoder;
import dev.sluice.schemas.UnencodableRecordException;

/** What the encoder says of records that can never be published. */
final class Unencodable {
    private Unencodable() {}

    static UnencodableRecordException oversize() {
        return refusal(16, TestPlatform.tier("longer than sixteen bytes"));
    }

    static UnencodableRecordException malformed() {
        return refusal(1_000, TestPlatform.tier("half a surrogate pair: \ud800"));
    }

    private static UnencodableRecordException refusal(int maxBytes, Tier tier) {
        try {
            RecordEncoder.of(Tier.class, maxBytes).encode(tier);
        } catch (UnencodableRecordException e) {
            return e;
        }
        throw new AssertionError("encoded " + tier);
    }
}
