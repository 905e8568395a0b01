package dev.sluice.webhook.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as its owner sees it.
 *
 * @param id what its receiver gets as {@code webhook-id}
 * @param attempts how many of its attempts are remembered
 * @param lastStatus HTTP status code of the last attempt; absent when there was no answer
 * @param lastError category of the last failure, or why it was given up without an attempt
 * @param log its attempts, the newest first; absent in lists
 * @param request what was sent last; absent unless it was asked for and is on the log
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeliveryView(
        String id,
        String eventId,
        String eventType,
        String state,
        Instant createdAt,
        int attempts,
        Instant lastAt,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        @Nullable Instant nextAttemptAt,
        @Nullable List<AttemptView> log,
        SentRequests.@Nullable SentRequest request) {

    static DeliveryView listed(Delivery delivery) {
        return of(delivery, null, null);
    }

    static DeliveryView whole(Delivery delivery) {
        return of(delivery, log(delivery), null);
    }

    static DeliveryView whole(Delivery delivery, SentRequests.SentRequest request) {
        return of(delivery, log(delivery), request);
    }

    private static List<AttemptView> log(Delivery delivery) {
        return delivery.attempts().stream().map(AttemptView::of).toList();
    }

    private static DeliveryView of(
            Delivery delivery, @Nullable List<AttemptView> log, SentRequests.@Nullable SentRequest request) {
        Entry last = delivery.last();
        return new DeliveryView(
                delivery.id(),
                last.eventId(),
                last.eventType(),
                delivery.state().label(),
                delivery.createdAt(),
                delivery.attempts().size(),
                last.position().at(),
                last.status(),
                last.error(),
                last.nextAttemptAt(),
                log,
                request);
    }
}
