package dev.sluice.gateway.job;

import dev.sluice.gateway.table.TableWrites;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The jobs of all tenants, each tenant's by itself. Thread-safe. */
public final class Jobs {

    private static final Comparator<TrackedJob> NEWEST_FIRST = Comparator.comparing(
                    (TrackedJob job) -> job.job().getCreatedAt())
            .reversed()
            .thenComparing(job -> job.job().getId());

    private final JobTable table;
    private final JobProperties properties;
    private final InstantSource clock;

    Jobs(JobTable table, JobProperties properties, InstantSource clock) {
        this.table = table;
        this.properties = properties;
        this.clock = clock;
    }

    /** The path of a job. */
    public static String path(String id) {
        return "/api/v1/jobs/" + id;
    }

    /** A job of the tenant; another tenant's is as good as none. */
    public Optional<TrackedJob> find(String tenant, String id) {
        requireReady();
        return table.find(id).filter(job -> job.job().getTenant().equals(tenant));
    }

    /** Whether somebody works on it, as far as the log tells. */
    public boolean isRunning(TrackedJob job) {
        return job.status(clock.instant()) == JobStatus.RUNNING;
    }

    /** In how long a running job is taken for interrupted, when nothing more is heard of it. */
    public Duration silentIn(TrackedJob job) {
        Duration left = Duration.between(clock.instant(), job.progress().getAt().plus(TrackedJob.SILENCE));
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Whether somebody wants it to stop; known at once where it was said, elsewhere as soon as the log tells. */
    public boolean isToBeCancelled(String id) {
        return table.find(id).filter(TrackedJob::isToBeCancelled).isPresent();
    }

    /** Completes when the job is on the log. The tenant's oldest that is over makes room for it. */
    public Mono<Void> open(TrackedJob job) {
        requireReady();
        return makeRoom(job.job()).then(write(job.job())).then(Mono.defer(() -> report(job.progress())));
    }

    /** Completes when the progress is on the log. */
    public Mono<Void> report(JobProgress progress) {
        return TableWrites.answered(() -> table.put(progress));
    }

    public JobView view(TrackedJob job) {
        return JobView.of(job, job.status(clock.instant()));
    }

    TrackedJob require(String tenant, String id) {
        return find(tenant, id)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "There is no such job; GET /api/v1/jobs lists those there are."));
    }

    /** At most so many, newest first, that follow another. */
    List<TrackedJob> list(String tenant, String afterId, int limit) {
        requireReady();
        List<TrackedJob> all = table.of(tenant).stream().sorted(NEWEST_FIRST).toList();
        return all.stream()
                .dropWhile(job -> !afterId.isEmpty() && !job.job().getId().equals(afterId))
                .skip(afterId.isEmpty() ? 0 : 1)
                .limit(limit)
                .toList();
    }

    /** Says on the log that the job is to stop; whoever works on it does so before its next piece of work. */
    Mono<TrackedJob> cancel(String tenant, String id) {
        TrackedJob job = require(tenant, id);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return switch (job.status(now)) {
            case RUNNING -> {
                Map<String, String> parameters = new HashMap<>(job.job().getParameters());
                parameters.put(TrackedJob.CANCEL, "requested");
                Job told = Job.newBuilder(job.job()).setParameters(parameters).build();
                yield write(told).thenReturn(new TrackedJob(told, job.progress()));
            }
            case INTERRUPTED -> {
                TrackedJob cancelled = job.with(JobState.CANCELLED, now);
                yield report(cancelled.progress()).thenReturn(cancelled);
            }
            case SUCCEEDED, CANCELLED ->
                Mono.error(new ProblemException(ProblemType.CONFLICT, "The job is over; nothing is left to cancel."));
        };
    }

    private Mono<Void> write(Job job) {
        return TableWrites.answered(() -> table.put(job));
    }

    private Mono<Void> makeRoom(Job job) {
        List<TrackedJob> others = table.of(job.getTenant()).stream()
                .filter(other -> !other.job().getId().equals(job.getId()))
                .sorted(NEWEST_FIRST)
                .toList();
        return Flux.fromIterable(others)
                .skip(properties.maxPerTenant() - 1L)
                .filter(other -> !isRunning(other))
                .concatMap(
                        old -> TableWrites.answered(() -> table.remove(old.job().getId())))
                .then();
    }

    private void requireReady() {
        if (!table.ready()) {
            throw TableWrites.loading("jobs");
        }
    }
}
