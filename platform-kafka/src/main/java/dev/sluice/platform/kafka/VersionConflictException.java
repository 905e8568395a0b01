package dev.sluice.platform.kafka;

/** Somebody else changed the entry first. Read it again and decide anew. */
public final class VersionConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long expected;
    private final long actual;

    /** Versions are offsets; {@link LogTable#ABSENT} stands for no entry. */
    public VersionConflictException(String key, long expected, long actual) {
        super("entry " + key + " is at version " + actual + ", not " + expected);
        this.expected = expected;
        this.actual = actual;
    }

    public long expected() {
        return expected;
    }

    public long actual() {
        return actual;
    }
}
