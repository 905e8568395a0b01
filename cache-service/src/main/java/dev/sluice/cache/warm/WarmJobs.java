package dev.sluice.cache.warm;

import dev.sluice.cache.namespace.NamespaceTable;
import dev.sluice.cache.namespace.TableWrites;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The jobs that warm the cache, each tenant's by itself. Thread-safe. */
public final class WarmJobs {

    private static final Comparator<WarmJob> NEWEST_FIRST = Comparator.comparing(
                    (WarmJob job) -> job.job().getCreatedAt())
            .reversed()
            .thenComparing(WarmJob::id);

    /** Those that are over are forgotten, the oldest first. */
    private static final int MAX_REMEMBERED = 50;

    private static final int MAX_RUNNING = 4;

    /** Namespaces of a tenant that are warmed when nodes start. */
    private static final int MAX_AT_START = 20;

    private final WarmTable table;
    private final NamespaceTable namespaces;
    private final WarmRunner runner;
    private final InstantSource clock;

    WarmJobs(WarmTable table, NamespaceTable namespaces, WarmRunner runner, InstantSource clock) {
        this.table = table;
        this.namespaces = namespaces;
        this.runner = runner;
        this.clock = clock;
    }

    /** Completes when the job is on the log; this node goes about it at once. */
    public Mono<WarmView> begin(Identity identity, WarmRequest request) {
        requireReady();
        String tenant = identity.tenant();
        WarmPlan plan =
                request.plan(namespaces.rulesOf(tenant, request.namespace()).origin());
        List<WarmJob> others = of(tenant);
        if (others.stream().filter(job -> !job.isOver()).count() >= MAX_RUNNING) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "A tenant may warm " + MAX_RUNNING + " times at once; wait for one to end, or cancel one.");
        }
        List<WarmJob> atStart = others.stream().filter(WarmJob::isAtStart).toList();
        Map<String, String> parameters = new HashMap<>(plan.parameters());
        if (request.isAtStart()) {
            requireRoom(atStart, plan.namespace());
            parameters.put(WarmJob.AT_START, "true");
        }
        Instant now = now();
        Job job = Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant(tenant)
                .setKind(WarmJob.KIND)
                .setParameters(parameters)
                .setCreatedBy(identity.keyId())
                .setCreatedAt(now)
                .build();
        JobProgress progress = JobProgress.newBuilder()
                .setJobId(job.getId())
                .setTenant(tenant)
                .setState(JobState.RUNNING)
                .setDone(0)
                .setTotal(plan.keys().map(keys -> (long) keys.size()).orElse(null))
                .setFailed(0)
                .setAt(now)
                .build();
        return forgetOld(others)
                .then(TableWrites.answered(() -> table.put(job)))
                .then(TableWrites.answered(() -> table.put(progress, WarmRunner.ABSENT)))
                .flatMap(version -> (request.isAtStart() ? unmark(atStart, plan.namespace()) : Mono.<Void>empty())
                        .thenReturn(version))
                .map(version -> new WarmJob(job, progress, version))
                .doOnNext(runner::run)
                .map(WarmView::of);
    }

    private static void requireRoom(List<WarmJob> atStart, String namespace) {
        long namespaces = atStart.stream()
                .map(job -> job.plan().namespace())
                .filter(other -> !other.equals(namespace))
                .distinct()
                .count();
        if (namespaces >= MAX_AT_START) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "A tenant may have " + MAX_AT_START
                            + " namespaces warmed when nodes start; cancel a job that has atStart.");
        }
    }

    private Mono<Void> forgetOld(List<WarmJob> jobs) {
        return Flux.fromIterable(jobs)
                .filter(job -> job.isOver() && !job.isAtStart())
                .skip(MAX_REMEMBERED - 1L)
                .concatMap(old -> TableWrites.answered(() -> table.remove(old.id())))
                .then();
    }

    /** A namespace has one job for the start of nodes, the newest. */
    private Mono<Void> unmark(List<WarmJob> atStart, String namespace) {
        return Flux.fromIterable(atStart)
                .filter(job -> job.plan().namespace().equals(namespace))
                .concatMap(job -> TableWrites.answered(() -> table.put(job.unmarked())))
                .then();
    }

    /** At most so many, newest first, that follow another. */
    public List<WarmView> list(String tenant, String afterId, int limit) {
        requireReady();
        return of(tenant).stream()
                .dropWhile(job -> !afterId.isEmpty() && !job.id().equals(afterId))
                .skip(afterId.isEmpty() ? 0 : 1)
                .limit(limit)
                .map(WarmView::of)
                .toList();
    }

    public WarmView find(String tenant, String id) {
        return WarmView.of(require(tenant, id));
    }

    /**
     * Completes when the wish is on the log; whoever works on the job stops before its next key, and no node that starts does it
     * again.
     */
    public Mono<WarmView> cancel(String tenant, String id) {
        WarmJob job = require(tenant, id);
        if (job.isOver() && !job.isAtStart()) {
            throw new ProblemException(ProblemType.CONFLICT, "The job is over; nothing is left to cancel.");
        }
        Map<String, String> parameters = new HashMap<>(job.job().getParameters());
        parameters.put(WarmJob.CANCEL, "requested");
        Job told = Job.newBuilder(job.job()).setParameters(parameters).build();
        return TableWrites.answered(() -> table.put(told))
                .then(Mono.fromSupplier(() -> WarmView.of(new WarmJob(told, job.progress(), job.version()))));
    }

    private WarmJob require(String tenant, String id) {
        requireReady();
        return table.find(id)
                .filter(job -> job.tenant().equals(tenant))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "There is no such job; GET /api/v1/cache/warm lists those there are."));
    }

    private List<WarmJob> of(String tenant) {
        return table.all().stream()
                .filter(job -> job.tenant().equals(tenant))
                .sorted(NEWEST_FIRST)
                .toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void requireReady() {
        if (!table.ready()) {
            throw TableWrites.unavailable("The jobs are still being loaded; try again shortly.");
        }
    }
}
