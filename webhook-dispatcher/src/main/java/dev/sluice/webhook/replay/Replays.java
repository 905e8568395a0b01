package dev.sluice.webhook.replay;

import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.kafka.job.JobLog;
import dev.sluice.platform.kafka.job.LoggedJob;
import dev.sluice.platform.web.Identity;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import dev.sluice.record.WebhookEndpointStatus;
import dev.sluice.webhook.endpoint.EndpointWrites;
import dev.sluice.webhook.endpoint.Endpoints;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The jobs that send again, each webhook's by itself. Thread-safe. */
final class Replays {

    private static final Comparator<LoggedJob> NEWEST_FIRST = Comparator.comparing(
                    (LoggedJob job) -> job.job().getCreatedAt())
            .reversed()
            .thenComparing(LoggedJob::id);

    /** Those of a tenant that are over are forgotten, the oldest first. */
    private static final int MAX_REMEMBERED = 50;

    private static final int MAX_RUNNING = 4;

    private final JobLog jobs;
    private final Endpoints endpoints;
    private final Runnable wake;
    private final InstantSource clock;

    /** @param wake called when there is a job that nobody works on */
    Replays(JobLog jobs, Endpoints endpoints, Runnable wake, InstantSource clock) {
        this.jobs = jobs;
        this.endpoints = endpoints;
        this.wake = wake;
        this.clock = clock;
    }

    /** Completes when the job is on the log; the first dispatcher that has room goes about it. */
    Mono<ReplayView> begin(Identity identity, String endpointId, ReplayKind kind, ReplayRequest request) {
        requireReady();
        String tenant = identity.tenant();
        boolean disabled = endpoints.owned(tenant, endpointId).getStatus() == WebhookEndpointStatus.DISABLED;
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        ReplayPlan plan = request.plan(kind, endpointId, now);
        if (disabled) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "The webhook is disabled, so all would be dropped; resume the webhook first.");
        }
        List<LoggedJob> others = of(tenant);
        if (others.stream().filter(job -> !job.isOver()).count() >= MAX_RUNNING) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "A tenant may have " + MAX_RUNNING
                            + " jobs that send again at once; wait for one to end, or cancel one.");
        }
        Job job = Job.newBuilder()
                .setId(UUID.randomUUID().toString())
                .setTenant(tenant)
                .setKind(kind.jobKind())
                .setParameters(plan.parameters())
                .setCreatedBy(identity.keyId())
                .setCreatedAt(now)
                .build();
        JobProgress progress = JobProgress.newBuilder()
                .setJobId(job.getId())
                .setTenant(tenant)
                .setState(JobState.QUEUED)
                .setDone(0)
                .setFailed(0)
                .setAt(now)
                .build();
        return Flux.fromIterable(others)
                .filter(LoggedJob::isOver)
                .skip(MAX_REMEMBERED - 1L)
                .concatMap(old -> EndpointWrites.answered(() -> jobs.remove(old.id())))
                .then(EndpointWrites.answered(() -> jobs.put(job)))
                .then(EndpointWrites.answered(() -> jobs.put(progress, LogTable.ABSENT)))
                .map(version -> new LoggedJob(job, progress, version))
                .doOnNext(queued -> wake.run())
                .map(ReplayView::of);
    }

    /** At most so many of a webhook, newest first, that follow another. */
    List<ReplayView> list(String tenant, String endpointId, String afterId, int limit) {
        requireReady();
        endpoints.owned(tenant, endpointId);
        return of(tenant).stream()
                .filter(job -> ReplayPlan.of(job.job()).endpointId().equals(endpointId))
                .dropWhile(job -> !afterId.isEmpty() && !job.id().equals(afterId))
                .skip(afterId.isEmpty() ? 0 : 1)
                .limit(limit)
                .map(ReplayView::of)
                .toList();
    }

    ReplayView find(String tenant, String endpointId, String id) {
        return ReplayView.of(require(tenant, endpointId, id));
    }

    /** Completes when the wish is on the log; whoever works on the job stops before what it would send next. */
    Mono<ReplayView> cancel(String tenant, String endpointId, String id) {
        LoggedJob job = require(tenant, endpointId, id);
        if (job.isOver()) {
            throw new ProblemException(ProblemType.CONFLICT, "The job is over; nothing is left to cancel.");
        }
        Job told = job.cancelled();
        return EndpointWrites.answered(() -> jobs.put(told))
                .then(Mono.fromSupplier(() -> ReplayView.of(new LoggedJob(told, job.progress(), job.version()))));
    }

    private LoggedJob require(String tenant, String endpointId, String id) {
        requireReady();
        endpoints.owned(tenant, endpointId);
        return jobs.find(id)
                .filter(job -> job.tenant().equals(tenant))
                .filter(job -> ReplayPlan.of(job.job()).endpointId().equals(endpointId))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND,
                        "There is no such job of this webhook; GET /api/v1/webhooks/{id}/jobs lists those there are."));
    }

    private List<LoggedJob> of(String tenant) {
        return jobs.all().stream()
                .filter(job -> job.tenant().equals(tenant))
                .sorted(NEWEST_FIRST)
                .toList();
    }

    private void requireReady() {
        if (!jobs.ready()) {
            throw EndpointWrites.unavailable("The jobs are still being loaded; try again shortly.");
        }
    }
}
