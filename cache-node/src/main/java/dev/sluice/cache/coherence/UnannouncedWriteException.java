package dev.sluice.cache.coherence;

/** A change was made in the shared level, but the log did not confirm the announcement to the other nodes in time. */
public final class UnannouncedWriteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long version;

    UnannouncedWriteException(long version, Throwable cause) {
        super("version " + version + " was stored and not announced", cause);
        this.version = version;
    }

    /** The version that the change made. */
    public long version() {
        return version;
    }
}
