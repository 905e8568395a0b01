package dev.sluice.cache.warm;

import dev.sluice.record.JobError;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a run has come: what became of keys, in their order. Thread-safe. */
final class WarmTally {

    private static final int MAX_ERRORS = 20;

    private final List<JobError> errors;
    private long settled;
    private long done;
    private long skipped;
    private long failed;

    /** Goes on where others were. */
    WarmTally(JobProgress before) {
        settled = before.getCounts().getOrDefault(WarmJob.SETTLED, 0L);
        skipped = before.getCounts().getOrDefault(WarmJob.SKIPPED, 0L);
        done = before.getDone();
        failed = before.getFailed();
        errors = new ArrayList<>(before.getErrors());
    }

    /** How many keys need not be taken up again. */
    synchronized long settled() {
        return settled;
    }

    synchronized void add(Warmed outcome) {
        settled++;
        switch (outcome) {
            case Warmed.Done ignored -> done++;
            case Warmed.Skipped ignored -> skipped++;
            case Warmed.Failed failure -> {
                failed++;
                if (errors.size() < MAX_ERRORS) {
                    errors.add(new JobError(settled, failure.code(), failure.detail()));
                }
            }
        }
    }

    synchronized JobProgress progress(
            JobProgress before, JobState state, @Nullable Long total, @Nullable String message, Instant at) {
        return JobProgress.newBuilder(before)
                .setState(state)
                .setDone(done)
                .setTotal(total)
                .setFailed(failed)
                .setMessage(message)
                .setCounts(Map.of(WarmJob.SETTLED, settled, WarmJob.SKIPPED, skipped))
                .setErrors(List.copyOf(errors))
                .setAt(at)
                .build();
    }
}
