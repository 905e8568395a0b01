package dev.sluice.gateway.job;

import java.util.Locale;

/** Where a job stands. */
public enum JobStatus {
    RUNNING,
    SUCCEEDED,
    /** It ended before its end, or whoever did it is gone; what it says is done is done. */
    INTERRUPTED,
    CANCELLED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
