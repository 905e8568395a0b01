package dev.sluice.cache.warm;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.LogTables;
import dev.sluice.platform.kafka.job.JobLog;
import dev.sluice.platform.kafka.job.LoggedJob;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.schemas.Topics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The jobs that warm the cache, of all tenants, in memory. Thread-safe. */
final class WarmTable {

    private final JobLog log;

    WarmTable(LogTable<Job> jobs, LogTable<JobProgress> progress) {
        log = new JobLog(jobs, progress, Set.of(WarmJob.KIND));
    }

    static LogTable<Job> openJobs(LogTables tables) {
        return tables.of(Topics.JOBS);
    }

    static LogTable<JobProgress> openProgress(LogTables tables) {
        return tables.of(Topics.JOB_PROGRESS);
    }

    boolean ready() {
        return log.ready();
    }

    Optional<WarmJob> find(String id) {
        return log.find(id).map(WarmTable::warming);
    }

    List<WarmJob> all() {
        return log.all().stream().map(WarmTable::warming).toList();
    }

    CompletableFuture<Void> put(Job job) {
        return log.put(job);
    }

    /** Completes with the new version; fails with a conflict when somebody else went on with the job. */
    CompletableFuture<Long> put(JobProgress at, long expectedVersion) {
        return log.put(at, expectedVersion);
    }

    CompletableFuture<Void> remove(String id) {
        return log.remove(id);
    }

    private static WarmJob warming(LoggedJob job) {
        return new WarmJob(job.job(), job.progress(), job.version());
    }
}
