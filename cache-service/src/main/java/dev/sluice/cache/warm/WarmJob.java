package dev.sluice.cache.warm;

import dev.sluice.platform.kafka.job.LoggedJob;
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
record WarmJob(Job job, JobProgress progress, long version) {

    static final String KIND = "cache.warm";

    /** How often whoever works on a job says so. */
    static final Duration HEARTBEAT = LoggedJob.HEARTBEAT;

    /** Whoever has said nothing for so long is taken for gone; keys that are taken twice do no harm. */
    static final Duration SILENCE = LoggedJob.SILENCE;

    /** A parameter that is set when somebody wants the job to stop. */
    static final String CANCEL = LoggedJob.CANCEL;

    /** A parameter of a job that is done again when nodes start. */
    static final String AT_START = "atStart";

    /** A parameter that tells when the run began that is under way, or was last; the first began with the job. */
    static final String BEGAN = "began";

    /** However many nodes start: so long after its last sign of life a job is not done again at a start. */
    static final Duration FRESH = Duration.ofMinutes(10);

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

    /** To be done again when nodes start, until somebody cancels it. */
    boolean isAtStart() {
        return job.getParameters().containsKey(AT_START) && !isToBeCancelled();
    }

    /** Whether a node that began to run then should do it again; false as soon as any node does. */
    boolean isDueAtStart(Instant nodeBegan) {
        return isAtStart() && isOver() && progress.getAt().plus(FRESH).isBefore(nodeBegan);
    }

    Instant began() {
        String text = job.getParameters().get(BEGAN);
        return text == null ? job.getCreatedAt() : Instant.parse(text);
    }

    /** For another run; keys that were looked for are looked for again. */
    Job again(Instant now) {
        Map<String, String> parameters = new HashMap<>(job.getParameters());
        parameters.put(BEGAN, now.toString());
        if (plan().looksForKeys()) {
            parameters.remove(WarmPlan.KEYS);
        }
        return Job.newBuilder(job).setParameters(parameters).build();
    }

    /** Of another run that begins. */
    JobProgress nothingDone(Instant now) {
        return JobProgress.newBuilder()
                .setJobId(id())
                .setTenant(tenant())
                .setState(JobState.RUNNING)
                .setDone(0)
                .setTotal(plan().looksForKeys() ? null : progress.getTotal())
                .setFailed(0)
                .setAt(now)
                .build();
    }

    /** The same, but not done again when nodes start. */
    Job unmarked() {
        Map<String, String> parameters = new HashMap<>(job.getParameters());
        parameters.remove(AT_START);
        return Job.newBuilder(job).setParameters(parameters).build();
    }

    JobProgress progressAs(JobState state, Instant now) {
        return JobProgress.newBuilder(progress).setState(state).setAt(now).build();
    }
}
