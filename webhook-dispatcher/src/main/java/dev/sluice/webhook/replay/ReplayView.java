package dev.sluice.webhook.replay;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.platform.kafka.job.LoggedJob;
import dev.sluice.record.JobProgress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A job as its owner sees it.
 *
 * @param kind {@code recover} or {@code replay}
 * @param eventTypes that were chosen; absent when all were
 * @param total records of the log to be looked at, of whichever webhook; absent until they are counted
 * @param looked how many of them were
 * @param sent deliveries put on their way
 * @param skipped what was this webhook's, or its tenant's, and not to be sent: other types, no match, delivered since
 * @param unreadable records that nobody can read
 * @param message why it failed; absent otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReplayView(
        String id,
        String webhookId,
        String kind,
        String state,
        Instant from,
        Instant to,
        @Nullable List<String> eventTypes,
        int perSecond,
        @Nullable Long total,
        long looked,
        long sent,
        long skipped,
        long unreadable,
        boolean cancelling,
        @Nullable String message,
        String createdBy,
        Instant createdAt,
        Instant updatedAt) {

    static ReplayView of(LoggedJob job) {
        ReplayPlan plan = ReplayPlan.of(job.job());
        JobProgress at = job.progress();
        return new ReplayView(
                job.id(),
                plan.endpointId(),
                plan.kind().label(),
                at.getState().name().toLowerCase(Locale.ROOT),
                plan.from(),
                plan.to(),
                plan.typeTexts().orElse(null),
                plan.perSecond(),
                at.getTotal(),
                at.getDone(),
                at.getCounts().getOrDefault(ReplayTally.SENT, 0L),
                at.getCounts().getOrDefault(ReplayTally.SKIPPED, 0L),
                at.getFailed(),
                job.isToBeCancelled() && !job.isOver(),
                at.getMessage(),
                job.job().getCreatedBy(),
                job.job().getCreatedAt(),
                at.getAt());
    }
}
