package dev.sluice.gateway.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes the events of a batch, each by itself. An event that stands twice in it is written once, and both places get the
 * same answer. With an Idempotency-Key the batch as a whole has a name too, which stands for its very bytes; what becomes
 * of its events is still kept by each, so that a batch whose gateway died half way is finished by its repetition.
 * Thread-safe; never blocks.
 */
final class BatchIntake {

    private final EventIntake intake;
    private final Claims claims;

    BatchIntake(EventIntake intake, Claims claims) {
        this.intake = intake;
        this.claims = claims;
    }

    /**
     * Those about one subject keep the order of the batch, unless one of them was sent before.
     *
     * @param body of the request, which its key stands for
     */
    Mono<List<Outcome>> takeAll(List<BatchItem> items, byte[] body, Caller caller) {
        // What holds no event at all may be put right under the same key.
        boolean named = caller.idempotencyKey() != null && items.stream().anyMatch(BatchItem.Read.class::isInstance);
        Mono<List<Outcome>> each = takeEach(items, caller);
        return named ? claim(body, caller).then(each) : each;
    }

    /** Only another body is refused: who repeats the same is told of each event what became of it. */
    private Mono<Void> claim(byte[] body, Caller caller) {
        Claim claim = Claim.ofBatch(body, caller, newOwner());
        return claims.claim(claim)
                .onErrorMap(failure -> IngestFailures.unchecked())
                .flatMap(reply -> reply instanceof ClaimReply.Mismatch
                        ? Mono.error(IngestFailures.mismatch(claim))
                        : Mono.empty());
    }

    /** Each by its own name alone; those about one subject keep their order. */
    Mono<List<Outcome>> takeEach(List<BatchItem> items, Caller caller) {
        return Mono.defer(() -> EventIntake.detached(takePlaces(placesOf(items, caller), caller)));
    }

    private Mono<List<Outcome>> takePlaces(List<Place> places, Caller caller) {
        return Flux.fromIterable(places)
                .flatMapSequential(place -> planOf(place, caller), places.size(), 1)
                .collectList()
                // All are handed over, in order, before any is waited for.
                .map(plans -> start(places, plans, caller))
                .flatMap(outcomes ->
                        Flux.mergeSequential(outcomes, outcomes.size(), 1).collectList());
    }

    /**
     * A place of the batch.
     *
     * @param claim of its event; null when it has no name
     * @param twin the last place before with the same name; -1 when there is none
     */
    private record Place(BatchItem item, @Nullable Claim claim, int twin) {}

    private static List<Place> placesOf(List<BatchItem> items, Caller caller) {
        List<Place> places = new ArrayList<>(items.size());
        Map<String, Integer> lastOfName = new HashMap<>();
        for (BatchItem item : items) {
            Claim claim =
                    item instanceof BatchItem.Read(Arrival arrival) ? Claim.of(arrival, caller, newOwner()) : null;
            Integer twin = claim == null ? null : lastOfName.put(claim.name(), places.size());
            places.add(new Place(item, claim, twin == null ? -1 : twin));
        }
        return places;
    }

    private Mono<Supplier<Mono<Outcome>>> planOf(Place place, Caller caller) {
        return switch (place.item()) {
            case BatchItem.Broken broken -> Mono.just(() -> Mono.just(new Outcome.Refused(broken.problem())));
            case BatchItem.Read read
            when place.twin() < 0 ->
                intake.plan(read.arrival(), place.claim(), caller).map(plan -> () -> intake.outcomeOf(plan.get()));
            // Decided by what becomes of its twin.
            case BatchItem.Read ignored -> Mono.just(Mono::empty);
        };
    }

    private List<Mono<Outcome>> start(List<Place> places, List<Supplier<Mono<Outcome>>> plans, Caller caller) {
        List<Mono<Outcome>> started = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            started.add(startOne(places, i, started, plans.get(i), caller));
        }
        return started;
    }

    private Mono<Outcome> startOne(
            List<Place> places, int at, List<Mono<Outcome>> started, Supplier<Mono<Outcome>> plan, Caller caller) {
        Place place = places.get(at);
        Claim claim = place.claim();
        if (place.twin() < 0 || claim == null || !(place.item() instanceof BatchItem.Read(Arrival arrival))) {
            return plan.get();
        }
        boolean same = claim.isForTheSameAs(places.get(place.twin()).claim());
        return EventIntake.detached(
                started.get(place.twin()).flatMap(before -> again(before, same, arrival, claim, caller)));
    }

    /** What an event is answered whose name stood in the batch before, with that outcome. */
    private Mono<Outcome> again(Outcome before, boolean same, Arrival arrival, Claim claim, Caller caller) {
        return switch (before) {
            case Outcome.Taken taken ->
                Mono.just(
                        same
                                ? new Outcome.Taken(taken.receipt(), Check.REPLAYED)
                                : new Outcome.Refused(IngestFailures.mismatch(claim)));
            case Outcome.Refused refused -> same ? Mono.just(refused) : intake.outcomeOf(intake.take(arrival, caller));
        };
    }

    private static String newOwner() {
        return UUID.randomUUID().toString();
    }
}
