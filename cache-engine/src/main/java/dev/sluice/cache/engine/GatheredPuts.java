package dev.sluice.cache.engine;

import dev.sluice.cache.engine.SecondLevel.PutOutcome;
import dev.sluice.cache.engine.SecondLevel.PutRequest;
import dev.sluice.cache.engine.SecondLevel.Written;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * Puts into the second level that are begun by themselves and made together. Those that begin after they were sent, and those that
 * the second level leaves, are made by themselves. Thread-safe.
 */
final class GatheredPuts extends Gathered<GatheredPuts.Call> {

    /** What has so many bytes of values goes in one call and no more: whoever makes it does nothing else meanwhile. */
    static final int ENOUGH_BYTES = 1 << 20;

    private final SecondLevel second;

    /** One put. */
    record Call(PutRequest put, MonoSink<Written> asker) {}

    GatheredPuts(SecondLevel second) {
        super(second);
        this.second = second;
    }

    /** As {@link SecondLevel#put(CacheKey, CacheValue, Lifetime, Condition)}; waits for {@link #send}. */
    Mono<Written> put(CacheKey key, CacheValue value, Lifetime lifetime, Condition condition) {
        return Mono.create(asker -> begin(new Call(new PutRequest(key, value, lifetime, condition), asker)));
    }

    /** One call after the other is begun, so that two puts of one key are made in their order. */
    @Override
    void together(List<Call> calls) {
        List<Call> part = new ArrayList<>();
        long bytes = 0;
        for (Call call : calls) {
            if (part.size() == second.mostAtOnce() || bytes >= ENOUGH_BYTES) {
                make(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(call);
            bytes += call.put.value().size();
        }
        make(part);
    }

    private void make(List<Call> calls) {
        second.putAll(calls.stream().map(Call::put).toList(), SecondLevel.NO_HURRY)
                .subscribe(
                        outcomes -> answer(calls, outcomes), error -> calls.forEach(call -> call.asker.error(error)));
    }

    private void answer(List<Call> calls, List<PutOutcome> outcomes) {
        for (int i = 0; i < calls.size(); i++) {
            answer(calls.get(i), outcomes.get(i));
        }
    }

    private void answer(Call call, PutOutcome outcome) {
        if (outcome.written() != null) {
            call.asker.success(outcome.written());
        } else if (outcome.refusal() != null) {
            call.asker.error(outcome.refusal());
        } else {
            alone(call);
        }
    }

    @Override
    void alone(Call call) {
        PutRequest put = call.put;
        second.put(put.key(), put.value(), put.lifetime(), put.condition())
                .subscribe(call.asker::success, call.asker::error, call.asker::success);
    }
}
