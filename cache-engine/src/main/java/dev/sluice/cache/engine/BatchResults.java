package dev.sluice.cache.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Mono;

/** The results of several reads in their order. Those that copies answer are known already, and cost no subscription. */
final class BatchResults {

    private BatchResults() {}

    /**
     * Begins what is not known yet when it is subscribed to, once.
     *
     * @param begun run when all of them have begun, and in any case at the end: others may wait for the same
     */
    static Mono<List<ReadResult>> of(List<Mono<ReadResult>> reads, Runnable begun) {
        ReadResult[] results = new ReadResult[reads.size()];
        List<Mono<?>> waiting = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < results.length; i++) {
            if (reads.get(i) instanceof Copy copy) {
                results[i] = copy.result();
            } else {
                waiting.add(reads.get(i));
                places.add(i);
            }
        }
        if (waiting.isEmpty()) {
            return Mono.just(Arrays.asList(results));
        }
        waiting.add(Mono.fromSupplier(() -> {
            begun.run();
            return true;
        }));
        return Mono.zip(waiting, answers -> {
                    for (int i = 0; i < places.size(); i++) {
                        results[places.get(i)] = (ReadResult) answers[i];
                    }
                    return Arrays.asList(results);
                })
                .doFinally(ignored -> begun.run());
    }
}
