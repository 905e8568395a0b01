package dev.sluice.gateway.ingest;

import dev.sluice.gateway.job.JobView;
import dev.sluice.gateway.job.Jobs;
import dev.sluice.gateway.job.TrackedJob;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpHeaders;

/** Makes the job of an upload, or takes up the one that its Idempotency-Key names. */
final class ImportJobs {

    private static final String KIND = "events.import";

    private final Jobs jobs;
    private final InstantSource clock;

    ImportJobs(Jobs jobs, InstantSource clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    /**
     * An upload that begins.
     *
     * @param job as it is now
     * @param finished what the job says if it was finished before: that stays, unless there is something new
     */
    record Start(TrackedJob job, Optional<JobProgress> finished) {}

    /**
     * Begins an upload, or goes on with it.
     *
     * @param firstLine the number of the first line that is sent
     */
    Start begin(Caller caller, long firstLine) {
        String key = caller.idempotencyKey();
        String id = "job_"
                + (key == null
                        ? UUID.randomUUID().toString().replace("-", "")
                        : Fingerprint.name("import", caller.tenant(), key));
        Optional<TrackedJob> before = jobs.find(caller.tenant(), id);
        if (before.filter(jobs::isRunning).isPresent()) {
            throw running(id, jobs.silentIn(before.get()));
        }
        long settled = before.map(job -> job.progress().getDone()).orElse(0L);
        if (firstLine > settled + 1) {
            throw ProblemException.ofField(
                    ProblemType.INVALID_PARAMETER,
                    "line",
                    "Go on with line " + (settled + 1) + "; those before have to come first, under the same "
                            + "Idempotency-Key.");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Job job = Job.newBuilder()
                .setId(id)
                .setTenant(caller.tenant())
                .setKind(KIND)
                .setParameters(key == null ? Map.of() : Map.of(JobView.IDEMPOTENCY_KEY, key))
                .setCreatedBy(before.map(known -> known.job().getCreatedBy())
                        .orElse(caller.identity().keyId()))
                .setCreatedAt(before.map(known -> known.job().getCreatedAt()).orElse(now))
                .build();
        JobProgress progress = before.map(known -> JobProgress.newBuilder(known.progress()))
                .orElseGet(() -> JobProgress.newBuilder()
                        .setJobId(id)
                        .setTenant(caller.tenant())
                        .setDone(0)
                        .setFailed(0)
                        .setCounts(Map.of())
                        .setErrors(List.of()))
                .setState(JobState.RUNNING)
                .setMessage(null)
                .setAt(now)
                .build();
        Optional<JobProgress> finished =
                before.map(TrackedJob::progress).filter(known -> known.getState() == JobState.SUCCEEDED);
        return new Start(new TrackedJob(job, progress), finished);
    }

    /**
     * Refuses a second upload beside the first.
     *
     * @param most when whoever has the job will be taken for dead, should nothing be heard of it any more
     */
    static ProblemException running(String id, Duration most) {
        return new ProblemException(
                        ProblemType.CONFLICT,
                        "This import is running, or was until a moment ago; wait for its end, or cancel it.")
                .withHeader(HttpHeaders.LOCATION, Jobs.path(id))
                .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(most.toSeconds() + 1));
    }
}
