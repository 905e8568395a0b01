package dev.sluice.metrics.anomaly;

/** Which hours before one say what is usual in it, the best of which there are enough first. The names in lower case are part of the API. */
public enum Season {
    /** The same hour of the same day of the week. */
    HOUR_OF_WEEK(4),
    /** The same hour of other days. */
    HOUR_OF_DAY(5),
    /** The hours just before, while there are no days yet. */
    RECENT_HOURS(6);

    private final int least;

    Season(int least) {
        this.least = least;
    }

    /** Fewer hours say nothing. */
    int least() {
        return least;
    }
}
