package dev.sluice.webhook.delivery;

import dev.sluice.record.DeadReason;
import dev.sluice.record.WebhookOrdering;
import java.time.Instant;

/** What follows from an attempt. */
sealed interface Ruling {

    /**
     * Whether another may be sent to the endpoint before the log has what came of this one. In order it may not: after a crash this one would come
     * again behind it.
     */
    default boolean endsTurn(WebhookOrdering ordering) {
        return this instanceof Delivered && ordering != WebhookOrdering.FIFO;
    }

    /** The receiver has it. */
    record Delivered() implements Ruling {}

    /** It is tried again, not before then. */
    record Retry(Instant dueAt) implements Ruling {}

    /** It is given up. */
    record GiveUp(DeadReason reason) implements Ruling {}

    /** The receiver is gone for good: it is given up and nothing else is sent there. */
    record Disable() implements Ruling {}
}
