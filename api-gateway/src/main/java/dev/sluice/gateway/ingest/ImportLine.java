package dev.sluice.gateway.ingest;

import org.jspecify.annotations.Nullable;

/** A line of an upload. */
final class ImportLine {

    private final long number;
    private final byte @Nullable [] text;

    /**
     * @param number from 1, blank lines counted
     * @param text without its end; null when it was longer than an event may be, and was not kept
     */
    ImportLine(long number, byte @Nullable [] text) {
        this.number = number;
        this.text = text;
    }

    long number() {
        return number;
    }

    byte @Nullable [] text() {
        return text;
    }
}
