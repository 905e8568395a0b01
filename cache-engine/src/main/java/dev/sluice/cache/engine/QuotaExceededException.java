package dev.sluice.cache.engine;

/** A quota leaves no room for a put; nothing was changed. */
public final class QuotaExceededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Which bound a put would go beyond. */
    public enum Bound {
        NAMESPACE_ENTRIES("namespace.maxEntries"),
        NAMESPACE_BYTES("namespace.maxBytes"),
        TENANT_ENTRIES("tenant.maxEntries"),
        TENANT_BYTES("tenant.maxBytes");

        private final String text;

        Bound(String text) {
            this.text = text;
        }

        /** As the API calls it. */
        public String text() {
            return text;
        }
    }

    private final Bound bound;
    private final long used;
    private final long limit;

    /** Entries or bytes, as the bound says. */
    public QuotaExceededException(Bound bound, long used, long limit) {
        super(bound.text() + ": " + used + " of " + limit, null, false, false);
        this.bound = bound;
        this.used = used;
        this.limit = limit;
    }

    public Bound bound() {
        return bound;
    }

    /** Before the put. */
    public long used() {
        return used;
    }

    public long limit() {
        return limit;
    }
}
