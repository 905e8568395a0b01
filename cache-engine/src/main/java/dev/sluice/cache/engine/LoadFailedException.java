package dev.sluice.cache.engine;

/** A value was not there, and making it failed or took too long. */
public final class LoadFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LoadFailedException(Throwable cause) {
        super("the value could not be made", cause, false, false);
    }
}
