package dev.sluice.gateway.ingest;

import dev.sluice.platform.web.ProblemException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Takes events that were read: claims each, writes those that are new, and gives their receipts once they are on the log.
 * Thread-safe; never blocks.
 */
final class EventIntake {

    private final Claims claims;
    private final EventWriter writer;
    private final Duration ackTimeout;
    private final IngestMeters meters;

    EventIntake(Claims claims, EventWriter writer, Duration ackTimeout, IngestMeters meters) {
        this.claims = claims;
        this.writer = writer;
        this.ackTimeout = ackTimeout;
        this.meters = meters;
    }

    /** Fails with a problem when the event is refused. */
    Mono<Outcome.Taken> take(Arrival arrival, Caller caller) {
        return Mono.defer(() -> {
            Claim claim = Claim.of(arrival, caller, UUID.randomUUID().toString());
            return inTime(claim == null ? write(arrival, caller, null, Check.NONE) : claimed(claim, arrival, caller));
        });
    }

    private Mono<Outcome.Taken> claimed(Claim claim, Arrival arrival, Caller caller) {
        return claims.claim(claim)
                .onErrorReturn(new ClaimReply.Unanswered())
                .doOnNext(meters::count)
                .flatMap(reply -> follow(reply, claim, arrival, caller));
    }

    /** What became of an event, a refusal too. */
    Mono<Outcome> outcomeOf(Mono<Outcome.Taken> work) {
        return inTime(work)
                .<Outcome>map(taken -> taken)
                .onErrorResume(ProblemException.class, problem -> Mono.just(new Outcome.Refused(problem)));
    }

    /** What is to be done with an event whose claim got that reply. */
    Mono<Outcome.Taken> follow(ClaimReply reply, Claim claim, Arrival arrival, Caller caller) {
        return switch (reply) {
            case ClaimReply.Granted ignored -> write(arrival, caller, claim, Check.NEW);
            case ClaimReply.Complete complete -> Mono.just(replay(complete, arrival));
            case ClaimReply.InFlight ignored -> Mono.error(IngestFailures.inFlight());
            case ClaimReply.Mismatch ignored -> Mono.error(IngestFailures.mismatch(claim));
            case ClaimReply.TakenOver taken -> resume(taken, claim, arrival.withId(taken.eventId()), caller);
            case ClaimReply.Unanswered ignored -> unchecked(claim, arrival, caller);
        };
    }

    /** The former owner of the claim wrote the event or not; only the log knows. */
    private Mono<Outcome.Taken> resume(ClaimReply.TakenOver taken, Claim claim, Arrival arrival, Caller caller) {
        return writer.find(arrival, caller, taken.since())
                .onErrorResume(failure -> claims.giveUp(claim).then(Mono.error(failure)))
                .flatMap(found -> found.map(receipt ->
                                claims.complete(claim, receipt).thenReturn(new Outcome.Taken(receipt, Check.REPLAYED)))
                        .orElseGet(() ->
                                renew(claim).then(Mono.defer(() -> write(arrival, caller, claim, Check.NEW)))));
    }

    /** Looking took time; the claim may be another's by now. */
    private Mono<Void> renew(Claim claim) {
        return claims.renew(claim)
                .onErrorMap(failure -> IngestFailures.unchecked())
                .flatMap(owned -> owned ? Mono.empty() : Mono.error(IngestFailures.inFlight()));
    }

    private Mono<Outcome.Taken> unchecked(Claim claim, Arrival arrival, Caller caller) {
        if (caller.idempotencyKey() != null) {
            return Mono.error(IngestFailures.unchecked());
        }
        // Not waited for: should Redis be back by then, the event is known from now on.
        return write(arrival, caller, null, Check.UNCHECKED)
                .doOnNext(taken -> claims.complete(claim, taken.receipt()).subscribe());
    }

    static Outcome.Taken replay(ClaimReply.Complete complete, Arrival arrival) {
        return new Outcome.Taken(
                new EventReceipt(
                        complete.eventId(),
                        arrival.event().source(),
                        EventPublisher.TOPIC.name(),
                        complete.partition(),
                        complete.offset()),
                Check.REPLAYED);
    }

    private Mono<Outcome.Taken> write(Arrival arrival, Caller caller, @Nullable Claim claim, Check check) {
        Mono<EventReceipt> receipt = writer.write(arrival, caller);
        if (claim == null) {
            return receipt.map(at -> new Outcome.Taken(at, check));
        }
        return receipt.flatMap(at -> claims.complete(claim, at).thenReturn(new Outcome.Taken(at, check)))
                .onErrorResume(
                        EventWriter::isUnwritten,
                        failure -> claims.release(claim).then(Mono.error(failure)));
    }

    private <T> Mono<T> inTime(Mono<T> work) {
        return detached(work).timeout(ackTimeout).onErrorMap(IngestFailures::map);
    }

    /** Starts now, and goes on when the client goes away or is told that it takes too long: a claim is to be completed. */
    static <T> Mono<T> detached(Mono<T> work) {
        return Mono.fromFuture(work.toFuture(), true);
    }
}
