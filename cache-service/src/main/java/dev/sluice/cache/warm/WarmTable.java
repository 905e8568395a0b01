package dev.sluice.cache.warm;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The jobs that warm the cache, of all tenants, in memory. Thread-safe. */
final class WarmTable {

    private final LogTable<Job> jobs;
    private final LogTable<JobProgress> progress;
    private final Map<String, Job> ours = new ConcurrentHashMap<>();

    WarmTable(LogTable<Job> jobs, LogTable<JobProgress> progress) {
        this.jobs = jobs;
        this.progress = progress;
        jobs.onChange((id, before, after) -> apply(id, after));
    }

    static LogTable<Job> openJobs(LogTables tables) {
        return tables.of(Topics.JOBS);
    }

    static LogTable<JobProgress> openProgress(LogTables tables) {
        return tables.of(Topics.JOB_PROGRESS);
    }

    boolean ready() {
        return jobs.ready() && progress.ready();
    }

    Optional<WarmJob> find(String id) {
        Job job = ours.get(id);
        return job == null
                ? Optional.empty()
                : progress.findVersioned(id).map(at -> new WarmJob(job, at.value(), at.version()));
    }

    List<WarmJob> all() {
        return ours.keySet().stream().flatMap(id -> find(id).stream()).toList();
    }

    CompletableFuture<Void> put(Job job) {
        return jobs.put(job.getId(), job).thenApply(stored -> null);
    }

    /** Completes with the new version; fails with a conflict when somebody else went on with the job. */
    CompletableFuture<Long> put(JobProgress at, long expectedVersion) {
        return progress.put(at.getJobId(), at, expectedVersion).thenApply(Versioned::version);
    }

    /** Its progress last: a job without is not seen, and progress without a job would stay. */
    CompletableFuture<Void> remove(String id) {
        return jobs.remove(id).thenCompose(gone -> progress.remove(id));
    }

    private void apply(String id, @Nullable Job after) {
        if (after != null && after.getKind().equals(WarmJob.KIND)) {
            ours.put(id, after);
        } else {
            ours.remove(id);
        }
    }
}
