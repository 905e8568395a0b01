package dev.sluice.cache.warm;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.record.JobError;
import dev.sluice.record.JobProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A job as the API shows it.
 *
 * @param total keys in all; left out until they are known
 * @param done keys that are in the cache now and were not before, or not on this level
 * @param skipped keys for which nothing was to be done: fresh copies, or nothing there
 * @param perSecond keys settled in a second, on average
 * @param errors the first keys that failed
 * @param atStart whether it is done again when nodes start
 * @param startedAt of the last run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WarmView(
        String id,
        String namespace,
        String strategy,
        String state,
        @Nullable Long total,
        long done,
        long skipped,
        long failed,
        double perSecond,
        List<Failure> errors,
        @Nullable String message,
        boolean atStart,
        String createdBy,
        Instant createdAt,
        Instant startedAt,
        Instant updatedAt) {

    private static final double MILLIS = 1_000;

    /** Why a key failed. */
    public record Failure(long key, String code, String detail) {
        private static Failure of(JobError error) {
            return new Failure(error.getItem(), error.getCode(), error.getDetail());
        }
    }

    static WarmView of(WarmJob job) {
        JobProgress at = job.progress();
        WarmPlan plan = job.plan();
        long skipped = at.getCounts().getOrDefault(WarmJob.SKIPPED, 0L);
        long millis = Math.max(1, Duration.between(job.began(), at.getAt()).toMillis());
        double rate = (at.getDone() + skipped + at.getFailed()) * MILLIS / millis;
        return new WarmView(
                job.id(),
                plan.namespace(),
                plan.strategy().text(),
                at.getState().name().toLowerCase(Locale.ROOT),
                at.getTotal(),
                at.getDone(),
                skipped,
                at.getFailed(),
                Math.round(rate * 10) / 10.0,
                at.getErrors().stream().map(Failure::of).toList(),
                at.getMessage(),
                job.isAtStart(),
                job.job().getCreatedBy(),
                job.job().getCreatedAt(),
                job.began(),
                at.getAt());
    }
}
