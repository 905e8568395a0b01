package dev.sluice.starter.cache;

import dev.sluice.cache.engine.CacheValue;
import dev.sluice.cache.engine.ReadOutcome;
import dev.sluice.cache.engine.ReadResult;
import dev.sluice.starter.codec.CodecException;
import dev.sluice.starter.codec.ValueCodec;
import org.jspecify.annotations.Nullable;

/** The form in which a cache keeps its values, with nulls, and within its bounds. */
final class StoredForm {

    /** An entry, not an absence: {@code putIfAbsent} does not replace it. */
    private static final CacheValue NULL = CacheValue.of(new byte[0], "application/vnd.sluice.null");

    private final ValueCodec codec;
    private final CacheRules rules;
    private final CacheTally tally;
    private final Complaints complaints;

    StoredForm(ValueCodec codec, CacheRules rules, CacheTally tally, Complaints complaints) {
        this.codec = codec;
        this.rules = rules;
        this.tally = tally;
        this.complaints = complaints;
    }

    /** Fails with {@link CodecException} alone. */
    CacheValue encode(@Nullable Object value) {
        if (value == null) {
            if (!rules.keepsNulls()) {
                throw new CodecException("nulls are not kept");
            }
            return NULL;
        }
        CacheValue bytes = encoded(value);
        if (bytes.size() > rules.maxBytes()) {
            throw new CodecException("a " + value.getClass().getName() + " of " + bytes.size()
                    + " bytes is larger than sluice.starter.max-value-size");
        }
        return bytes;
    }

    private CacheValue encoded(Object value) {
        try {
            return codec.encode(value);
        } catch (CodecException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            // The application's own code, in getters and constructors, or in its codec.
            throw new CodecException(
                    "no bytes can be made of a " + value.getClass().getName(), e);
        }
    }

    /** What cannot be read is not found. */
    Found found(ReadResult result) {
        if (result.outcome() == ReadOutcome.NEGATIVE) {
            return rules.keepsNulls() ? Found.of(null) : Found.NOTHING;
        }
        return result.entry().map(entry -> decoded(entry.value())).orElse(Found.NOTHING);
    }

    private Found decoded(CacheValue value) {
        if (value.contentType().equals(NULL.contentType())) {
            return rules.keepsNulls() ? Found.of(null) : Found.NOTHING;
        }
        try {
            return Found.of(codec.decode(value));
        } catch (RuntimeException | StackOverflowError e) {
            tally.undecodable.increment();
            complaints.once(
                    e instanceof CodecException unread ? unread : new CodecException("a value cannot be read", e));
            return Found.NOTHING;
        }
    }
}
