package dev.sluice.cache.engine;

/** A tenant has as many purges under way as it may have; once they are swept there is room again. */
public final class TooManyPurgesException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TooManyPurgesException() {
        super("there are " + Epochs.MAX_PER_TENANT + " purges under way");
    }
}
