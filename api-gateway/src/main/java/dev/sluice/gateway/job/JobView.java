package dev.sluice.gateway.job;

import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as the API shows it.
 *
 * @param lastLine all lines up to this one are settled: their events are on the log, or were refused
 * @param errors the first refusals
 * @param idempotencyKey by which it can be repeated and continued
 */
public record JobView(
        String id,
        String kind,
        String state,
        long lastLine,
        Lines lines,
        List<LineError> errors,
        @Nullable String message,
        @Nullable String idempotencyKey,
        String createdBy,
        Instant createdAt,
        Instant updatedAt) {

    /** The name of the parameter that keeps the key. */
    public static final String IDEMPOTENCY_KEY = "idempotencyKey";

    /** How many lines were read, and what became of them; those without an event count as read alone. */
    public record Lines(long read, long accepted, long duplicates, long refused) {}

    /** Why a line was refused. */
    public record LineError(long line, String code, String detail) {}

    static JobView of(TrackedJob tracked, JobStatus status) {
        Job job = tracked.job();
        JobProgress progress = tracked.progress();
        Map<String, Long> counts = progress.getCounts();
        return new JobView(
                job.getId(),
                job.getKind(),
                status.text(),
                progress.getDone(),
                new Lines(
                        counts.getOrDefault("read", 0L),
                        counts.getOrDefault("accepted", 0L),
                        counts.getOrDefault("duplicates", 0L),
                        progress.getFailed()),
                progress.getErrors().stream()
                        .map(error -> new LineError(error.getItem(), error.getCode(), error.getDetail()))
                        .toList(),
                progress.getMessage(),
                job.getParameters().get(IDEMPOTENCY_KEY),
                job.getCreatedBy(),
                job.getCreatedAt(),
                progress.getAt());
    }
}
