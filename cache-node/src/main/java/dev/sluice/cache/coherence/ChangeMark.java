package dev.sluice.cache.coherence;

import dev.sluice.cache.engine.CacheEntry;
import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.engine.DeleteResult;
import dev.sluice.cache.event.KeyFates;
import dev.sluice.record.CacheInvalidation;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What a change has left, as a header of its invalidation: other nodes tell by it why they miss the key. A header, so that nodes of
 * another version, which do not know it, drop their copies all the same.
 *
 * @param left one of the constants, or until when the value is fresh, in milliseconds since 1970
 */
record ChangeMark(long left) {

    /** The change was made, or perhaps not, in a way that is not told. */
    static final ChangeMark UNTOLD = new ChangeMark(-2);

    /** There was nothing to remove, and nothing is there. */
    static final ChangeMark NOTHING = new ChangeMark(-1);

    static final ChangeMark REMOVED = new ChangeMark(0);

    private static final String HEADER = "sluice-fresh-until";

    static ChangeMark stored(CacheEntry entry) {
        return new ChangeMark(Math.max(1, KeyFates.freshUntilMillis(entry)));
    }

    static ChangeMark removed(DeleteResult result) {
        return result.existed() ? REMOVED : NOTHING;
    }

    /** Untold where it is not there, or not eight bytes long. */
    static ChangeMark of(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return header == null || header.value() == null || header.value().length != Long.BYTES
                ? UNTOLD
                : new ChangeMark(ByteBuffer.wrap(header.value()).getLong());
    }

    Map<String, byte[]> headers() {
        return equals(UNTOLD)
                ? Map.of()
                : Map.of(HEADER, ByteBuffer.allocate(Long.BYTES).putLong(left).array());
    }

    /** Lets it be remembered. */
    void tell(KeyFates fates, CacheKey key, CacheInvalidation invalidation) {
        if (left > 0) {
            fates.stored(key, invalidation.getVersion(), left);
        } else if (left == REMOVED.left) {
            fates.removed(key, invalidation.getVersion());
        } else if (left != NOTHING.left) {
            // Who does not know what was done may not know the version either: the time stands for it.
            fates.changed(
                    key,
                    Math.min(
                            invalidation.getVersion(), ChronoUnit.MICROS.between(Instant.EPOCH, invalidation.getAt())));
        }
    }
}
