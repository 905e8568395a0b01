package dev.sluice.webhook.delivery;

import dev.sluice.record.DeadReason;
import java.time.Instant;

/** What follows from an attempt. */
sealed interface Ruling {

    /** The receiver has it. */
    record Delivered() implements Ruling {}

    /** It is tried again, not before then. */
    record Retry(Instant dueAt) implements Ruling {}

    /** It is given up. */
    record GiveUp(DeadReason reason) implements Ruling {}

    /** The receiver is gone for good: it is given up and nothing else is sent there. */
    record Disable() implements Ruling {}
}
