package dev.sluice.cache.warm;

import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.Instant;

/**
 * A job, how far it has come, and the version of that.
 *
 * @param version of the progress on the log: whoever writes the next one goes on with the job
 */
record WarmJob(Job job, JobProgress progress, long version) {

    static final String KIND = "cache.warm";

    /** How often whoever works on a job says so. */
    static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** Whoever has said nothing for so long is taken for gone; keys that are taken twice do no harm. */
    static final Duration SILENCE = HEARTBEAT.multipliedBy(5);

    /** A parameter that is set when somebody wants the job to stop; the same that the gateway's jobs have. */
    static final String CANCEL = "cancel";

    /** Count of keys that need not be taken up again, by their order. */
    static final String SETTLED = "settled";

    /** Count of keys for which nothing was to be done. */
    static final String SKIPPED = "skipped";

    String tenant() {
        return job.getTenant();
    }

    String id() {
        return job.getId();
    }

    WarmPlan plan() {
        return WarmPlan.of(job.getParameters());
    }

    boolean isOver() {
        return switch (progress.getState()) {
            case QUEUED, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED, INTERRUPTED, UNKNOWN -> true;
        };
    }

    /** Nobody works on it any more, though it is not over. */
    boolean isOrphaned(Instant now) {
        return !isOver() && progress.getAt().plus(SILENCE).isBefore(now);
    }

    boolean isToBeCancelled() {
        return job.getParameters().containsKey(CANCEL);
    }

    JobProgress progressAs(JobState state, Instant now) {
        return JobProgress.newBuilder(progress).setState(state).setAt(now).build();
    }
}
