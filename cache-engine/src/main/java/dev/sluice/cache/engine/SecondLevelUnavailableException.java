package dev.sluice.cache.engine;

import org.jspecify.annotations.Nullable;

/** The second level did not answer, or was not asked because it did not answer before. */
public final class SecondLevelUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean asked;

    private SecondLevelUnavailableException(String message, @Nullable Throwable cause, boolean asked) {
        super(message, cause, false, false);
        this.asked = asked;
    }

    static SecondLevelUnavailableException notAsked() {
        return new SecondLevelUnavailableException("the second level is given time to recover", null, false);
    }

    static SecondLevelUnavailableException asked(Throwable cause) {
        return new SecondLevelUnavailableException("the second level did not answer", cause, true);
    }

    /** True when a change may have been made although no answer came; false when it was certainly not. */
    public boolean mayHaveHappened() {
        return asked;
    }
}
