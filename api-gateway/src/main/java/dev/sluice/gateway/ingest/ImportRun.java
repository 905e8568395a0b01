package dev.sluice.gateway.ingest;

import dev.sluice.gateway.job.JobView;
import dev.sluice.gateway.job.Jobs;
import dev.sluice.gateway.job.TrackedJob;
import dev.sluice.platform.web.ProblemException;
import dev.sluice.platform.web.ProblemType;
import dev.sluice.record.JobProgress;
import dev.sluice.record.JobState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One upload of events, one a line, taken while it comes: the next lines are asked for when those before are on the log or
 * refused. So memory holds a few lines, a slow log slows its sender, and what the job says is settled is. A line that
 * cannot be taken for no fault of its own is tried again, and at last ends the upload: neither it nor any behind it counts
 * as settled. Used once.
 */
final class ImportRun {

    private static final ProblemType CANCELLED = ProblemType.ours("import_cancelled", 409, "The import was cancelled");

    private static final int MAX_LINES_AT_ONCE = 100;
    private static final int MAX_ATTEMPTS = 4;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Longer than this, a client rather comes back itself than to have its upload stand. */
    private static final long MAX_WAIT_SECONDS = 2;

    private final ImportSteps steps;
    private final TrackedJob job;
    private final Optional<JobProgress> finished;
    private final ImportForm form;
    private final Caller caller;
    private final ImportCharge charge;
    private final ImportTally tally;
    private final LineSplitter splitter;
    /** By which events without an id are told apart: the same each time that the upload is repeated. */
    private final String seed;
    /** Reports in their order: the last is the one that stays. */
    private CompletableFuture<Void> reported = CompletableFuture.completedFuture(null);

    ImportRun(
            ImportSteps steps,
            ImportJobs.Start start,
            long firstLine,
            ImportForm form,
            Caller caller,
            ImportCharge charge) {
        this.steps = steps;
        this.job = start.job();
        this.finished = start.finished();
        this.form = form;
        this.caller = caller;
        this.charge = charge;
        this.tally = new ImportTally(job);
        this.splitter = new LineSplitter(firstLine, steps.reader().maxEventBytes());
        String key = caller.idempotencyKey();
        this.seed = key == null ? job.job().getId() : key;
    }

    Mono<JobView> take(Flux<byte[]> body) {
        Mono<Void> work =
                body.concatMap(piece -> settle(splitter.feed(piece)), 1).then(Mono.defer(() -> settle(splitter.end())));
        Mono<Void> heartbeats = Flux.interval(TrackedJob.HEARTBEAT)
                .onBackpressureDrop()
                .concatMap(tick -> report(JobState.RUNNING, null).onErrorComplete(), 1)
                .then(Mono.never());
        return Mono.firstWithSignal(work, heartbeats)
                .then(Mono.defer(() -> finish(JobState.SUCCEEDED, null)))
                .onErrorResume(this::interrupt)
                .doOnCancel(() -> report(JobState.INTERRUPTED, "The client went away.")
                        .onErrorComplete()
                        .subscribe());
    }

    /** Completes when all of these lines are settled, and with them the blank ones between and behind them. */
    private Mono<Void> settle(List<ImportLine> lines) {
        int atOnce = Math.clamp(charge.atOnce(), 1, MAX_LINES_AT_ONCE);
        return Flux.fromIterable(lines)
                .buffer(atOnce)
                .concatMap(this::settleGroup, 1)
                .then(Mono.fromRunnable(() -> tally.settle(splitter.lastNumber())));
    }

    private Mono<Void> settleGroup(List<ImportLine> lines) {
        if (steps.jobs().isToBeCancelled(job.job().getId())) {
            return Mono.error(new ProblemException(CANCELLED, "The import was cancelled before its end."));
        }
        return charged(lines.size(), 1)
                .then(Mono.fromCallable(() -> lines.stream().map(this::read).toList())
                        .subscribeOn(Schedulers.parallel()))
                .flatMap(items -> steps.checks().checkAll(items, caller))
                .flatMap(items -> taken(items, 1))
                .doOnNext(outcomes -> {
                    tally.add(lines, outcomes);
                    tally.settle(lines.getLast().number());
                })
                .then();
    }

    private BatchItem read(ImportLine line) {
        return steps.reader().readLine(line, form, seed, caller);
    }

    /** A rate that is reached for a moment slows the upload; a quota ends it. */
    private Mono<Void> charged(int events, int attempt) {
        return charge.take(events).onErrorResume(ProblemException.class, problem -> {
            String seconds = problem.headers().get(HttpHeaders.RETRY_AFTER);
            boolean pass = seconds != null && attempt < MAX_ATTEMPTS && Long.parseLong(seconds) <= MAX_WAIT_SECONDS;
            return pass
                    ? Mono.delay(Duration.ofSeconds(Long.parseLong(seconds))).then(charged(events, attempt + 1))
                    : Mono.error(problem);
        });
    }

    private Mono<List<Outcome>> taken(List<BatchItem> items, int attempt) {
        return steps.batches().takeEach(items, caller).flatMap(outcomes -> {
            List<Integer> again = IntStream.range(0, outcomes.size())
                    .filter(i -> isPassing(outcomes.get(i)))
                    .boxed()
                    .toList();
            if (again.isEmpty()) {
                return Mono.just(outcomes);
            }
            if (attempt >= mostAttempts(again.stream().map(outcomes::get))) {
                return Mono.error(((Outcome.Refused) outcomes.get(again.getFirst())).problem());
            }
            return Mono.delay(PAUSE)
                    .then(taken(again.stream().map(items::get).toList(), attempt + 1))
                    .map(later -> merge(outcomes, again, later));
        });
    }

    /** Lines that somebody was writing who was killed can be had when their claims run out. */
    private int mostAttempts(Stream<Outcome> outcomes) {
        boolean inFlight = outcomes.allMatch(outcome ->
                outcome instanceof Outcome.Refused(ProblemException problem) && IngestFailures.isInFlight(problem));
        long leases = steps.claimLease().dividedBy(PAUSE);
        return inFlight ? Math.toIntExact(leases) + MAX_ATTEMPTS : MAX_ATTEMPTS;
    }

    /** Refused for what may be over in a moment. */
    private static boolean isPassing(Outcome outcome) {
        return outcome instanceof Outcome.Refused(ProblemException problem)
                && (problem.type().status() >= HttpStatus.INTERNAL_SERVER_ERROR.value()
                        || problem.headers().containsKey(HttpHeaders.RETRY_AFTER));
    }

    private static List<Outcome> merge(List<Outcome> outcomes, List<Integer> places, List<Outcome> later) {
        List<Outcome> merged = new ArrayList<>(outcomes);
        for (int i = 0; i < places.size(); i++) {
            // Found there when it was tried again, it was this upload that wrote it.
            Outcome outcome = later.get(i) instanceof Outcome.Taken(EventReceipt receipt, Check ignored)
                    ? new Outcome.Taken(receipt, Check.NEW)
                    : later.get(i);
            merged.set(places.get(i), outcome);
        }
        return merged;
    }

    private Mono<JobView> interrupt(Throwable failure) {
        ProblemException problem = failure instanceof ProblemException known
                ? known
                : new ProblemException(ProblemType.INVALID_REQUEST, "The upload ended before it was whole.");
        JobState state = problem.type().equals(CANCELLED) ? JobState.CANCELLED : JobState.INTERRUPTED;
        return finish(state, problem.detail())
                .onErrorReturn(steps.jobs().view(job))
                .flatMap(view -> Mono.error(problem.withHeader(
                                HttpHeaders.LOCATION, Jobs.path(job.job().getId()))
                        .withExtension("job", view)));
    }

    private Mono<JobView> finish(JobState state, @Nullable String message) {
        return report(state, message).map(steps.jobs()::view);
    }

    private synchronized Mono<TrackedJob> report(JobState state, @Nullable String message) {
        TrackedJob now = new TrackedJob(job.job(), progress(state, message));
        reported = reported.handle((done, failure) -> null)
                .thenCompose(ignored -> steps.jobs().report(now.progress()).toFuture());
        return Mono.fromFuture(reported, true).thenReturn(now);
    }

    /** A finished upload that comes again stays as it was, however far it comes. */
    private JobProgress progress(JobState state, @Nullable String message) {
        if (state != JobState.RUNNING && finished.isPresent() && !tally.hasNews()) {
            return finished.get();
        }
        return tally.progress(state, message, steps.clock().instant().truncatedTo(ChronoUnit.MICROS));
    }
}
