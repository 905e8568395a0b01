package dev.sluice.platform.web;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;

/**
 * What fails after nobody waits for it any more, such as a call to Redis whose caller was answered otherwise when its time was up. Reactor tells each as an
 * error with all of its stack, though nothing is wrong that somebody has not heard of; here it is a line, and the stack is for who looks for it.
 */
final class DroppedErrors {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedErrors.class);
    private static final AtomicBoolean TOLD_BRIEFLY = new AtomicBoolean();

    private DroppedErrors() {}

    /** In all of this process, from the first call on. */
    static void tellBriefly() {
        if (TOLD_BRIEFLY.compareAndSet(false, true)) {
            Hooks.onErrorDropped(DroppedErrors::tell);
        }
    }

    private static void tell(Throwable failure) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("failed when nobody waited for it any more", failure);
        } else {
            LOG.warn("failed when nobody waited for it any more: {}", failure.toString());
        }
    }
}
