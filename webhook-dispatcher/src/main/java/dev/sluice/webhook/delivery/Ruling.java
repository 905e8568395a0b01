package dev.sluice.webhook.delivery;

import dev.sluice.record.DeadReason;
import dev.sluice.record.WebhookOrdering;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows from an attempt. */
sealed interface Ruling {

    /**
     * Whether another may be sent to the endpoint before the log has what came of this one. In order it may not: after a crash this one would come
     * again behind it.
     */
    default boolean endsTurn(WebhookOrdering ordering) {
        return this instanceof Delivered && ordering != WebhookOrdering.FIFO;
    }

    /** The same for a delivery that is of no use after a time: what would be tried again only then is given up now. */
    default Ruling before(@Nullable Instant expiresAt) {
        return expiresAt != null && this instanceof Retry retry && retry.dueAt().isAfter(expiresAt)
                ? new GiveUp(DeadReason.EXPIRED)
                : this;
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
