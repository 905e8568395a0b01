package dev.sluice.gateway.ingest;

import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Takes the events of a batch, each by itself. An event that stands twice in it is written once, and both places get the
 * same answer. With an Idempotency-Key the batch as a whole has a name too, which stands for its very bytes; what becomes
 * of its events is still kept by each, so that a batch whose gateway died half way is finished by its repetition.
 * Thread-safe; never blocks.
 */
final class BatchIntake {

    private final BatchSteps steps;

    BatchIntake(BatchSteps steps) {
        this.steps = steps;
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
        Claim claim = Claim.ofBatch(body, caller, UUID.randomUUID().toString());
        return steps.claims()
                .claim(claim)
                .onErrorMap(failure -> IngestFailures.unchecked())
                .flatMap(reply -> reply instanceof ClaimReply.Mismatch
                        ? Mono.error(IngestFailures.mismatch(claim))
                        : Mono.empty());
    }

    /** Each by its own name alone; those about one subject keep their order. */
    Mono<List<Outcome>> takeEach(List<BatchItem> items, Caller caller) {
        return Mono.defer(() -> new BatchRun(steps, items, caller).start());
    }
}
