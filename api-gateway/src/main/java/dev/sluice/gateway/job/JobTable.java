package dev.sluice.gateway.job;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.schemas.Topics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** All jobs and their progress in memory. Thread-safe. */
final class JobTable {

    private static final String OF_THE_CACHE = "cache.";
    private static final String OF_WEBHOOKS = "webhook.";

    private final LogTable<Job> jobs;
    private final LogTable<JobProgress> progress;

    JobTable(LogTable<Job> jobs, LogTable<JobProgress> progress) {
        this.jobs = jobs;
        this.progress = progress;
    }

    static JobTable over(LogTables tables) {
        return new JobTable(tables.of(Topics.JOBS), tables.of(Topics.JOB_PROGRESS));
    }

    /** Whether everything was read that was in the log at start. */
    boolean ready() {
        return jobs.ready() && progress.ready();
    }

    /** Not one of another service, which shows it itself. */
    Optional<TrackedJob> find(String id) {
        return jobs.find(id)
                .filter(job -> !job.getKind().startsWith(OF_THE_CACHE)
                        && !job.getKind().startsWith(OF_WEBHOOKS))
                .flatMap(job -> progress.find(id).map(at -> new TrackedJob(job, at)));
    }

    /** A tenant's jobs, in no order; a copy. */
    List<TrackedJob> of(String tenant) {
        return jobs.entries().stream()
                .map(Versioned::value)
                .filter(job -> job.getTenant().equals(tenant))
                .flatMap(job -> find(job.getId()).stream())
                .toList();
    }

    CompletableFuture<Void> put(Job job) {
        return jobs.put(job.getId(), job).thenApply(stored -> null);
    }

    CompletableFuture<Void> put(JobProgress at) {
        return progress.put(at.getJobId(), at).thenApply(stored -> null);
    }

    /** Its progress last: a job without is not seen, and progress without a job would stay. */
    CompletableFuture<Void> remove(String id) {
        return jobs.remove(id).thenCompose(gone -> progress.remove(id));
    }
}
