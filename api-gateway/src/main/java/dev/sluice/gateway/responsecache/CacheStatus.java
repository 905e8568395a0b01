package dev.sluice.gateway.responsecache;

/** What this cache says of an answer (RFC 9211). Pure. */
final class CacheStatus {

    static final String FIELD = "Cache-Status";

    private static final String NAME = "sluice";

    private CacheStatus() {}

    /** Served from the store; below 0 for how long it has been stale. */
    static String hit(long leftMillis) {
        return NAME + "; hit; ttl=" + Math.floorDiv(leftMillis, 1000L);
    }

    /** Found to be unchanged by asking. */
    static String validated(long leftMillis) {
        return NAME + "; hit; fwd=stale; fwd-status=304; ttl=" + Math.floorDiv(leftMillis, 1000L);
    }

    /** Served although it is stale, since the upstream failed. */
    static String inPlaceOfFailure(long leftMillis) {
        return NAME + "; hit; fwd=stale; ttl=" + Math.floorDiv(leftMillis, 1000L) + "; detail=upstream-failed";
    }

    /** @param reason such as {@code uri-miss}, of RFC 9211, section 2.2 */
    static String forwarded(String reason, boolean stored) {
        return NAME + "; fwd=" + reason + (stored ? "; stored" : "");
    }
}
