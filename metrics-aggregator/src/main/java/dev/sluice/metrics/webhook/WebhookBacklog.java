package dev.sluice.metrics.webhook;

import dev.sluice.record.LaggardPosition;
import dev.sluice.record.WebhookBreaker;
import dev.sluice.record.WebhookEndpointState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What waits on the log for a webhook that is behind.
 *
 * @param pending deliveries that wait, as their dispatcher counted them a few seconds ago; null when they are not counted
 * @param waitingSince when the oldest delivery was made that waits; null when it is not known
 * @param isOpen whether nothing but a probe is begun, after failures in a row
 * @param nextAttemptAt when the next request is begun; null when nothing is to be waited for
 */
public record WebhookBacklog(
        @Nullable Long pending,
        @Nullable Instant waitingSince,
        boolean isOpen,
        @Nullable Instant nextAttemptAt) {

    static WebhookBacklog of(WebhookEndpointState state) {
        List<LaggardPosition> positions = state.getLaggards();
        Instant oldest = positions.stream()
                .map(LaggardPosition::getWaitingSince)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
        Long pending = positions.stream()
                .map(LaggardPosition::getPending)
                .reduce(0L, (sum, more) -> sum == null || more == null ? null : Long.valueOf(sum + more));
        Instant due = state.getProbeAt() == null ? positions.getFirst().getDueAt() : state.getProbeAt();
        return new WebhookBacklog(pending, oldest, state.getBreaker() == WebhookBreaker.OPEN, due);
    }
}
