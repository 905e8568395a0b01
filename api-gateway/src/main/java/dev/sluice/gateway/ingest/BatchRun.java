package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One batch on its way. What its events go through together costs little for each: one call for all claims, one loop that hands all over to the
 * producer, one clock, one call for all that came of the claims, and one answer. Only what is rare goes on by itself: a claim that is taken over, and
 * an event whose name stood in the batch before. Goes on though nobody waits for the answer any more. Used once.
 */
final class BatchRun {

    private static final int NONE = -1;

    private final BatchSteps steps;
    private final List<BatchItem> items;
    private final Caller caller;
    private final Scheduler scheduler = Schedulers.parallel();

    /** By place; null where there is no event, or one without a name. */
    private final @Nullable Claim[] claims;
    /** By place: the last before with the same name. */
    private final int[] twins;
    /** By place: the next with the same name. */
    private final int[] followers;

    private final AtomicReferenceArray<Outcome> outcomes;
    private final AtomicInteger missing;
    private final CompletableFuture<List<Outcome>> answer = new CompletableFuture<>();

    BatchRun(BatchSteps steps, List<BatchItem> items, Caller caller) {
        this.steps = steps;
        this.items = items;
        this.caller = caller;
        this.claims = new Claim[items.size()];
        this.twins = new int[items.size()];
        this.followers = new int[items.size()];
        this.outcomes = new AtomicReferenceArray<>(items.size());
        this.missing = new AtomicInteger(items.size());
    }

    /** Completes on a thread that may be held up; fails with what nobody foresaw. */
    Mono<List<Outcome>> start() {
        List<Claim> asked = claimsOfFirsts();
        if (asked.isEmpty()) {
            handOver(List.of());
        } else {
            Disposable _ = steps.claims().claimAll(asked).subscribe(this::handOver, answer::completeExceptionally);
        }
        return Mono.fromFuture(answer, true).publishOn(scheduler);
    }

    /** Of those whose name did not stand in the batch before, in order. */
    private List<Claim> claimsOfFirsts() {
        // One attempt, whose names differ from each other.
        String owner = UUID.randomUUID().toString();
        List<Claim> firsts = new ArrayList<>();
        Map<String, Integer> lastOfName = HashMap.newHashMap(items.size());
        for (int i = 0; i < items.size(); i++) {
            twins[i] = NONE;
            followers[i] = NONE;
            Claim claim =
                    items.get(i) instanceof BatchItem.Read(Arrival arrival) ? Claim.of(arrival, caller, owner) : null;
            if (claim == null) {
                continue;
            }
            claims[i] = claim;
            Integer twin = lastOfName.put(claim.name(), i);
            if (twin == null) {
                firsts.add(claim);
            } else {
                twins[i] = twin;
                followers[twin] = i;
            }
        }
        return firsts;
    }

    /** All, in order, before any is waited for; encoded before, so that they leave in one go. */
    private void handOver(List<ClaimReply> replies) {
        List<Runnable> writes = new ArrayList<>(items.size());
        ClaimEnds<Ending> ends =
                new ClaimEnds<>(willEnd(replies), this::tell, told -> told.forEach(this::settle), scheduler);
        int next = 0;
        for (int i = 0; i < items.size(); i++) {
            Claim claim = claims[i];
            if (items.get(i) instanceof BatchItem.Broken(ProblemException problem)) {
                settle(i, new Outcome.Refused(problem));
            } else if (claim == null) {
                writes.add(write(i, arrivalAt(i)));
            } else if (twins[i] == NONE) {
                follow(i, replies.get(next++), arrivalAt(i), claim, writes, ends);
            }
            // What is left is decided by what becomes of its twin.
        }
        writes.forEach(Runnable::run);
        if (missing.get() > 0) {
            Disposable clock =
                    scheduler.schedule(this::giveUp, steps.ackTimeout().toMillis(), TimeUnit.MILLISECONDS);
            CompletableFuture<?> _ = answer.whenComplete((all, failure) -> clock.dispose());
        }
    }

    private int willEnd(List<ClaimReply> replies) {
        int count = 0;
        for (ClaimReply reply : replies) {
            count += isWrittenFor(reply) ? 1 : 0;
        }
        return count;
    }

    private boolean isWrittenFor(ClaimReply reply) {
        return reply instanceof ClaimReply.Granted
                || (reply instanceof ClaimReply.Unanswered && caller.idempotencyKey() == null);
    }

    private void follow(
            int place, ClaimReply reply, Arrival arrival, Claim claim, List<Runnable> writes, ClaimEnds<Ending> ends) {
        steps.meters().count(reply);
        if (isWrittenFor(reply)) {
            Check check = reply instanceof ClaimReply.Granted ? Check.NEW : Check.UNCHECKED;
            writes.add(write(place, arrival, claim, check, ends));
        } else if (reply instanceof ClaimReply.Complete complete) {
            settle(place, EventIntake.replay(complete, arrival));
        } else {
            settleBy(place, steps.intake().outcomeOf(steps.intake().follow(reply, claim, arrival, caller)));
        }
    }

    private Runnable write(int place, Arrival arrival, Claim claim, Check check, ClaimEnds<Ending> ends) {
        return steps.writer().prepare(arrival, caller, (receipt, failure) -> {
            Ending ending = new Ending(place, claim, check, receipt, failure);
            if (check == Check.UNCHECKED) {
                // Not waited for: should Redis be back by then, the event is known from now on.
                settle(ending);
            }
            ends.add(ending);
        });
    }

    private Runnable write(int place, Arrival arrival) {
        return steps.writer()
                .prepare(arrival, caller, (receipt, failure) -> settle(place, receipt, Check.NONE, failure));
    }

    /** How the write ended of an event with a claim. */
    private record Ending(
            int place,
            Claim claim,
            Check check,
            @Nullable EventReceipt receipt,
            @Nullable Throwable failure) {

        /** What Redis is to be told; null when it cannot be said. */
        @Nullable
        ClaimEnd claimEnd() {
            boolean known =
                    receipt != null || (check == Check.NEW && failure != null && EventWriter.isUnwritten(failure));
            return known ? new ClaimEnd(claim, receipt) : null;
        }
    }

    private Mono<Void> tell(List<Ending> endings) {
        List<ClaimEnd> known = new ArrayList<>(endings.size());
        for (Ending ending : endings) {
            ClaimEnd end = ending.claimEnd();
            if (end != null) {
                known.add(end);
            }
        }
        return known.isEmpty() ? Mono.empty() : steps.claims().endAll(known);
    }

    private void settle(Ending ending) {
        settle(ending.place(), ending.receipt(), ending.check(), ending.failure());
    }

    private void settle(int place, @Nullable EventReceipt receipt, Check check, @Nullable Throwable failure) {
        if (receipt != null) {
            settle(place, new Outcome.Taken(receipt, check));
        } else {
            refuse(place, Objects.requireNonNull(failure));
        }
    }

    private void refuse(int place, Throwable failure) {
        Throwable told = IngestFailures.map(failure);
        if (told instanceof ProblemException problem) {
            settle(place, new Outcome.Refused(problem));
        } else {
            answer.completeExceptionally(told);
        }
    }

    private void settleBy(int place, Mono<Outcome> work) {
        Disposable _ = work.subscribe(outcome -> settle(place, outcome), answer::completeExceptionally);
    }

    /** The first outcome counts. */
    private void settle(int place, Outcome outcome) {
        if (!outcomes.compareAndSet(place, null, outcome)) {
            return;
        }
        int follower = followers[place];
        if (follower != NONE) {
            // Not here: this may be the producer's thread.
            Disposable _ = scheduler.schedule(() -> settleBy(follower, again(place, follower, outcome)));
        }
        if (missing.decrementAndGet() == 0) {
            answer.complete(all());
        }
    }

    private List<Outcome> all() {
        List<Outcome> all = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            all.add(outcomes.get(i));
        }
        return all;
    }

    /** What an event is answered whose name stood in the batch before, with that outcome. */
    private Mono<Outcome> again(int first, int place, Outcome before) {
        Claim claim = Objects.requireNonNull(claims[place]);
        boolean same = claim.isForTheSameAs(claims[first]);
        return switch (before) {
            case Outcome.Taken taken ->
                Mono.just(
                        same
                                ? new Outcome.Taken(taken.receipt(), Check.REPLAYED)
                                : new Outcome.Refused(IngestFailures.mismatch(claim)));
            case Outcome.Refused refused when same -> Mono.just(refused);
            case Outcome.Refused ignored ->
                steps.intake().outcomeOf(steps.intake().take(arrivalAt(place), caller));
        };
    }

    private Arrival arrivalAt(int place) {
        return ((BatchItem.Read) items.get(place)).arrival();
    }

    /** Those that go on by themselves have clocks of their own. */
    private void giveUp() {
        for (int i = 0; i < items.size(); i++) {
            if (twins[i] == NONE && outcomes.get(i) == null) {
                refuse(i, new TimeoutException("the log did not confirm in time"));
            }
        }
    }
}
