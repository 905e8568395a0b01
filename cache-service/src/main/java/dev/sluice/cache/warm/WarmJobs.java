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
        Instant now = now();
        Job job = Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant(tenant)
                .setKind(WarmJob.KIND)
                .setParameters(plan.parameters())
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
        return Flux.fromIterable(others)
                .filter(WarmJob::isOver)
                .skip(MAX_REMEMBERED - 1L)
                .concatMap(old -> TableWrites.answered(() -> table.remove(old.id())))
                .then(TableWrites.answered(() -> table.put(job)))
                .then(TableWrites.answered(() -> table.put(progress, WarmRunner.ABSENT)))
                .map(version -> new WarmJob(job, progress, version))
                .doOnNext(runner::run)
                .map(WarmView::of);
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

    /** Completes when the wish is on the log; whoever works on the job stops before its next key. */
    public Mono<WarmView> cancel(String tenant, String id) {
        WarmJob job = require(tenant, id);
        if (job.isOver()) {
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
