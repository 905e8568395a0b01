package dev.sluice.metrics.monitoring;

/** Something that should be well. Every bean of this type is asked; it answers from memory or within milliseconds. */
public interface MonitoredCheck {
    /** How it is called in answers, such as {@code kafka}. */
    String name();

    Weight weight();

    /** What is found now; an exception counts as a failure. */
    Finding check();

    /** What a failure means for the whole. */
    enum Weight {
        /** It does not work. */
        CRITICAL,
        /** It works less well. */
        SUPPORTING
    }

    /**
     * What was found.
     *
     * @param detail a sentence for people, with the figures
     */
    record Finding(boolean isWell, String detail) {
        static Finding well(String detail) {
            return new Finding(true, detail);
        }

        static Finding failing(String detail) {
            return new Finding(false, detail);
        }
    }
}
