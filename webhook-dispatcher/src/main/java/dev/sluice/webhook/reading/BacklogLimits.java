package dev.sluice.webhook.reading;

/**
 * How much of one partition is held in memory.
 *
 * @param records most records fetched and not yet committable
 * @param bytes most bytes of their values, exceeded by at most one fetch
 */
public record BacklogLimits(int records, long bytes) {

    /** A second of work at a thousand records a second, within 4 MiB. */
    public static final BacklogLimits DEFAULT = new BacklogLimits(1_000, 4L * 1024 * 1024);

    public BacklogLimits {
        if (records < 1 || bytes < 1) {
            throw new IllegalArgumentException("records and bytes must be at least 1: " + records + ", " + bytes);
        }
    }
}
