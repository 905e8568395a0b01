package dev.sluice.webhook.replay;

import dev.sluice.record.WebhookDelivery;

/** What a record of the log is to a job. */
sealed interface Look {

    /** To be sent. */
    record Send(WebhookDelivery delivery) implements Look {}

    /** The webhook's or its tenant's, and not to be sent. */
    record Skip() implements Look {}

    /** Somebody else's; it is not counted, so that nobody learns how much others have. */
    record Foreign() implements Look {}

    /** Nobody can read it. */
    record Unreadable() implements Look {}
}
