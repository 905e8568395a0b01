package dev.sluice.platform.kafka.job;

import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A job, how far it has come, and the version of that.
 *
 * @param version of the progress on the log: whoever writes the next one goes on with the job
 */
public record LoggedJob(Job job, JobProgress progress, long version) {

    /** How often whoever works on a job says so. */
    public static final Duration HEARTBEAT = Duration.ofSeconds(1);

    /** Whoever has said nothing for so long is taken for gone; what both do must do no harm. */
    public static final Duration SILENCE = HEARTBEAT.multipliedBy(5);

    /** A parameter that is set when somebody wants the job to stop; the same that the gateway's jobs have. */
    public static final String CANCEL = "cancel";

    public String id() {
        return job.getId();
    }

    public String tenant() {
        return job.getTenant();
    }

    public boolean isOver() {
        return switch (progress.getState()) {
            case QUEUED, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED, INTERRUPTED, UNKNOWN -> true;
        };
    }

    /** Nobody has begun it, or whoever had is gone. */
    public boolean isFree(Instant now) {
        return switch (progress.getState()) {
            case QUEUED -> true;
            case RUNNING -> progress.getAt().plus(SILENCE).isBefore(now);
            case SUCCEEDED, FAILED, CANCELLED, INTERRUPTED, UNKNOWN -> false;
        };
    }

    public boolean isToBeCancelled() {
        return job.getParameters().containsKey(CANCEL);
    }

    /** The job with the wish that it stops. */
    public Job cancelled() {
        Map<String, String> parameters = new HashMap<>(job.getParameters());
        parameters.put(CANCEL, "requested");
        return Job.newBuilder(job).setParameters(parameters).build();
    }

    public JobProgress progressAs(JobState state, Instant now) {
        return JobProgress.newBuilder(progress).setState(state).setAt(now).build();
    }
}
