package dev.sluice.gateway.connection;

import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Who needs a connection. Used on its event loop. */
abstract class Borrower {

    private @Nullable Future<?> patience;

    /** There is one; it must be given back, unless it is closed. */
    abstract void lend(UpstreamConnection connection);

    abstract void refuse(Throwable reason);

    /** Whether it needs none any more. */
    abstract boolean hasLeft();

    void waitsUntil(Future<?> end) {
        patience = end;
    }

    void waitsNoMore() {
        Future<?> end = patience;
        if (end != null) {
            end.cancel(false);
        }
    }
}
