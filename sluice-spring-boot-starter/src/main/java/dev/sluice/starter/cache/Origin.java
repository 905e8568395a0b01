package dev.sluice.starter.cache;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One caller's way to make a value. */
interface Origin {

    /**
     * Begins, once, however often it is called; answers with the same future. Fails with {@link OriginException}.
     *
     * @param refresh whether nobody may be waiting, as there is something to be answered meanwhile
     */
    CompletableFuture<Made> make(boolean refresh);

    /** What was made. */
    record Made(@Nullable Object value) {}

    /** Carries what the application's own code has thrown. */
    final class OriginException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Throwable thrown;

        OriginException(Throwable thrown) {
            super(thrown.toString(), thrown, false, false);
            this.thrown = thrown;
        }

        Throwable thrown() {
            return thrown;
        }
    }
}
