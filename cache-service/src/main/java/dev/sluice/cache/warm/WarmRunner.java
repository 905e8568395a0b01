package dev.sluice.cache.warm;

import dev.sluice.cache.engine.CacheKey;
import dev.sluice.cache.origin.OriginException;
import dev.sluice.platform.kafka.LogTable;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.record.Job;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Works on jobs, takes up those of nodes that are gone, and does those again that are meant for the start of nodes. Each second it says on the log how far a job has come, at the
 * version that it said last: when somebody else has gone on with it meanwhile, it lets go of it. Thread-safe.
 */
final class WarmRunner implements AutoCloseable {

    static final long ABSENT = LogTable.ABSENT;

    private static final Logger LOG = LoggerFactory.getLogger(WarmRunner.class);

    /** Many tenants may want something done at a start: so many at once, the others after them. */
    private static final int MAX_AT_START = 8;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final WarmTable table;
    private final WarmSource source;
    private final InstantSource clock;
    private final Scheduler scheduler;
    private final Instant began;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final Disposable.Composite work = Disposables.composite();

    WarmRunner(WarmTable table, WarmSource source, InstantSource clock, Scheduler scheduler) {
        this.table = table;
        this.source = source;
        this.clock = clock;
        this.scheduler = scheduler;
        this.began = clock.instant();
        work.add(Flux.interval(WarmJob.HEARTBEAT, scheduler)
                .onBackpressureDrop()
                .concatMap(tick -> takeUp())
                .subscribe(
                        ignored -> {}, failure -> LOG.error("jobs of nodes that are gone are not taken up", failure)));
    }

    /** Goes about a job whose progress this node has written last. */
    void run(WarmJob job) {
        if (running.add(job.id())) {
            Run run = new Run(job);
            work.add(run.whole()
                    .doFinally(signal -> running.remove(job.id()))
                    .subscribe(ignored -> {}, failure -> LOG.warn("job {} was let go of", job.id(), failure)));
        }
    }

    private Mono<Void> takeUp() {
        if (!table.ready()) {
            return Mono.empty();
        }
        return Flux.fromIterable(table.all())
                .filter(job -> !running.contains(job.id()))
                .concatMap(job -> {
                    if (job.isOrphaned(clock.instant())) {
                        return claim(job, job.progressAs(JobState.RUNNING, now()), known -> Mono.just(known.job()));
                    }
                    return job.isDueAtStart(began) && running.size() < MAX_AT_START
                            ? claim(job, job.nothingDone(now()), this::again)
                            : Mono.empty();
                })
                .then();
    }

    /** Of the nodes that try, one goes on: the one that says so at the version that all of them have seen. */
    private Mono<Void> claim(WarmJob job, JobProgress ours, Function<WarmJob, Mono<Job>> what) {
        return Mono.fromFuture(() -> table.put(ours, job.version()))
                .flatMap(version -> what.apply(table.find(job.id()).orElse(job))
                        .doOnNext(known -> run(new WarmJob(known, ours, version))))
                // Another node was first, or the log is away; the next look tells.
                .onErrorComplete()
                .then();
    }

    private Mono<Job> again(WarmJob job) {
        Job again = job.again(now());
        return Mono.fromFuture(() -> table.put(again)).thenReturn(again);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        work.dispose();
    }

    /** One node's work on a job. */
    private final class Run {

        private final String id;
        private final String tenant;
        private final WarmTally tally;
        private volatile WarmPlan plan;
        private JobProgress last;
        private long version;
        private volatile @Nullable Long total;
        private volatile @Nullable String message;

        Run(WarmJob job) {
            id = job.id();
            tenant = job.tenant();
            plan = job.plan();
            tally = new WarmTally(job.progress());
            last = job.progress();
            version = job.version();
            total = job.progress().getTotal();
        }

        /** Ends with an error when it lets go of the job. */
        Mono<Void> whole() {
            Mono<JobState> end = source.keys(tenant, plan)
                    .flatMap(keys -> remember(plan.withKeys(keys)))
                    .then(Mono.defer(this::warm));
            Flux<JobState> beats = Flux.interval(WarmJob.HEARTBEAT, scheduler)
                    .onBackpressureDrop()
                    .map(tick -> JobState.RUNNING);
            // One after the other: each is said at the version of the one before.
            return Flux.merge(1, end.onErrorResume(this::giveUp), beats)
                    .takeUntil(state -> state != JobState.RUNNING)
                    .concatMap(this::say, 1)
                    .then();
        }

        /** Keys that were looked for stand on the log, so that whoever takes the job up goes on with the same. */
        private Mono<Void> remember(WarmPlan known) {
            boolean isNew = plan.keys().isEmpty();
            plan = known;
            total = (long) known.keys().orElseThrow().size();
            if (!isNew) {
                return Mono.empty();
            }
            return Mono.fromFuture(() -> {
                Job job = table.find(id).orElseThrow().job();
                Map<String, String> parameters = new HashMap<>(job.getParameters());
                parameters.putAll(known.parameters());
                return table.put(Job.newBuilder(job).setParameters(parameters).build());
            });
        }

        private Mono<JobState> warm() {
            long begin = System.nanoTime();
            long period = SECOND_NANOS / plan.perSecond();
            long settled = tally.settled();
            return Flux.fromIterable(plan.keys().orElseThrow())
                    .skip(settled)
                    .index()
                    .takeWhile(next -> !isToBeCancelled())
                    .concatMap(next -> paced(begin + next.getT1() * period).thenReturn(next.getT2()), 1)
                    .flatMapSequential(
                            key -> source.warm(new CacheKey(tenant, plan.namespace(), key)), plan.concurrency(), 1)
                    .doOnNext(tally::add)
                    .then(Mono.fromSupplier(() -> isToBeCancelled() ? JobState.CANCELLED : JobState.SUCCEEDED));
        }

        private Mono<Void> paced(long dueNanos) {
            return Mono.defer(() -> {
                long wait = dueNanos - System.nanoTime();
                return wait <= 0
                        ? Mono.<Void>empty()
                        : Mono.delay(Duration.ofNanos(wait), scheduler).then();
            });
        }

        /** Without what it needs the job fails; otherwise this node lets go of it. */
        private Mono<JobState> giveUp(Throwable failure) {
            Optional<String> reason = describe(failure);
            message = reason.orElse(null);
            return reason.isPresent() ? Mono.just(JobState.FAILED) : Mono.error(failure);
        }

        private Mono<Void> say(JobState state) {
            return Mono.defer(() -> {
                JobProgress next = tally.progress(last, state, total, message, now());
                return Mono.fromFuture(() -> table.put(next, version))
                        .doOnNext(written -> {
                            last = next;
                            version = written;
                        })
                        .then();
            });
        }

        private boolean isToBeCancelled() {
            return table.find(id).filter(job -> !job.isToBeCancelled()).isEmpty();
        }

        /** What is said of a job that cannot go on; empty when that is not for this node to say. */
        private static Optional<String> describe(Throwable failure) {
            return switch (failure) {
                case OriginException origin -> Optional.ofNullable(origin.getMessage());
                case ProblemException problem -> Optional.of(problem.detail());
                default -> Optional.empty();
            };
        }
    }
}
