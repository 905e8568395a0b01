package dev.sluice.platform.kafka.job;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.Versioned;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The jobs of some kinds, of all tenants, in memory. Thread-safe. */
public final class JobLog {

    private final LogTable<Job> jobs;
    private final LogTable<JobProgress> progress;
    private final Set<String> kinds;
    private final Map<String, Job> ours = new ConcurrentHashMap<>();

    public JobLog(LogTable<Job> jobs, LogTable<JobProgress> progress, Set<String> kinds) {
        this.jobs = jobs;
        this.progress = progress;
        this.kinds = Set.copyOf(kinds);
        jobs.onChange((id, before, after) -> apply(id, after));
    }

    public boolean ready() {
        return jobs.ready() && progress.ready();
    }

    public Optional<LoggedJob> find(String id) {
        Job job = ours.get(id);
        return job == null
                ? Optional.empty()
                : progress.findVersioned(id).map(at -> new LoggedJob(job, at.value(), at.version()));
    }

    public List<LoggedJob> all() {
        return ours.keySet().stream().flatMap(id -> find(id).stream()).toList();
    }

    public CompletableFuture<Void> put(Job job) {
        return jobs.put(job.getId(), job).thenApply(stored -> null);
    }

    /**
     * Completes with the new version; fails with a conflict when somebody else went on with the job.
     *
     * @param expectedVersion {@link LogTable#ABSENT} for the first
     */
    public CompletableFuture<Long> put(JobProgress at, long expectedVersion) {
        return progress.put(at.getJobId(), at, expectedVersion).thenApply(Versioned::version);
    }

    /** Its progress last: a job without is not seen, and progress without a job would stay. */
    public CompletableFuture<Void> remove(String id) {
        return jobs.remove(id).thenCompose(gone -> progress.remove(id));
    }

    private void apply(String id, @Nullable Job after) {
        if (after != null && kinds.contains(after.getKind())) {
            ours.put(id, after);
        } else {
            ours.remove(id);
        }
    }
}
