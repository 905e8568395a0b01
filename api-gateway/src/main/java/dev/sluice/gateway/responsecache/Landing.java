package dev.sluice.gateway.responsecache;

import org.jspecify.annotations.Nullable;

/**
 * What became of a request that others have waited for.
 *
 * @param failure what its caller was told; null when it did not fail
 */
record Landing(Kind kind, @Nullable Throwable failure) {

    static final Landing STORED = new Landing(Kind.STORED, null);
    static final Landing NOT_SHARED = new Landing(Kind.NOT_SHARED, null);
    static final Landing ABANDONED = new Landing(Kind.ABANDONED, null);
    static final Landing UPSTREAM_FAILED = new Landing(Kind.FAILED, null);

    enum Kind {
        /** The answer is in the store. */
        STORED,
        /** There is an answer, but not for others. */
        NOT_SHARED,
        /** The upstream has failed. */
        FAILED,
        /** Its caller left before the end. */
        ABANDONED
    }

    static Landing failed(Throwable failure) {
        return new Landing(Kind.FAILED, failure);
    }
}
