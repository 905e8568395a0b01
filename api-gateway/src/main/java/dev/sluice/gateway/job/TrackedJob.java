package dev.sluice.gateway.job;

import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.Instant;

/** A job and how far it has come. */
public record TrackedJob(Job job, JobProgress progress) {

    /** How often a running job says that it runs. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /**
     * Whoever has said nothing for so long is gone, or so it is taken: should it come back beside another that took the job up,
     * what they do is done once all the same, by the names of its parts.
     */
    static final Duration SILENCE = HEARTBEAT.multipliedBy(5);

    /** A parameter that is set when somebody wants the job to stop. */
    static final String CANCEL = "cancel";

    /** What the API calls its state. A gateway that was killed cannot say that its jobs run no more. */
    JobStatus status(Instant now) {
        return switch (progress.getState()) {
            case QUEUED, RUNNING ->
                progress.getAt().plus(SILENCE).isBefore(now) ? JobStatus.INTERRUPTED : JobStatus.RUNNING;
            case SUCCEEDED -> JobStatus.SUCCEEDED;
            case FAILED, INTERRUPTED, UNKNOWN -> JobStatus.INTERRUPTED;
            case CANCELLED -> JobStatus.CANCELLED;
        };
    }

    boolean isToBeCancelled() {
        return job.getParameters().containsKey(CANCEL);
    }

    TrackedJob with(JobState state, Instant now) {
        return new TrackedJob(
                job, JobProgress.newBuilder(progress).setState(state).setAt(now).build());
    }
}
