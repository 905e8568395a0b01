package dev.sluice.webhook.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.webhook.egress.Snippet;
import dev.sluice.webhook.egress.TimingsView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as its owner sees it.
 *
 * @param attempt its number, from 1; from 1 again after the delivery was sent again
 * @param state how the delivery stood after it
 * @param durationMillis how long it took
 * @param timings how long its parts took; absent when it came to none, and of attempts that do not say
 * @param protocol {@code http/1.1} or {@code h2}; absent when nothing was sent, and of attempts that do not say
 * @param status HTTP status code; absent when there was no answer
 * @param error category of the failure; absent when there was an answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AttemptView(
        String deliveryId,
        int attempt,
        String eventId,
        String eventType,
        Instant at,
        double durationMillis,
        @Nullable TimingsView timings,
        @Nullable String protocol,
        String state,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable Response response,
        @Nullable Instant nextAttemptAt) {

    /** The beginning of what was answered. */
    record Response(String body, boolean bodyTruncated) {

        static Response of(Snippet snippet) {
            return new Response(snippet.text(), snippet.truncated());
        }
    }

    static AttemptView of(Entry entry) {
        return new AttemptView(
                entry.position().deliveryId(),
                entry.position().number(),
                entry.eventId(),
                entry.eventType(),
                entry.position().at(),
                TimingsView.millis(entry.took()),
                entry.timings().hasParts() ? TimingsView.of(entry.timings()) : null,
                entry.protocol(),
                entry.state().label(),
                entry.status(),
                entry.error(),
                entry.response() == null ? null : Response.of(entry.response()),
                entry.nextAttemptAt());
    }
}
