package dev.sluice.cache.engine;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Lets concurrent reads of one key share one fetch. A fetch that began before the key may have changed, or before a purge
 * of its tenant, takes no new readers: they would miss a change that they may know of.
 */
final class SingleFlight {

    private final FillGuard guard;
    private final Epochs epochs;
    private final ConcurrentHashMap<CacheKey, Flight> flights = new ConcurrentHashMap<>();

    SingleFlight(FillGuard guard, Epochs epochs) {
        this.guard = guard;
        this.epochs = epochs;
    }

    /** Fetches with a token taken before, or waits for who does. A reader who leaves does not end the fetch. */
    Mono<ReadResult> join(CacheKey key, LongFunction<Mono<ReadResult>> fetch) {
        return Mono.defer(() -> {
            Flight flight = flights.get(key);
            if (flight == null || !flight.isCurrent()) {
                flight = flights.compute(key, (ignored, other) -> currentOr(other, key, fetch));
            }
            return flight.answer;
        });
    }

    int underWay() {
        return flights.size();
    }

    private Flight currentOr(@Nullable Flight flight, CacheKey key, LongFunction<Mono<ReadResult>> fetch) {
        return flight != null && flight.isCurrent() ? flight : new Flight(key, guard.token(key), fetch);
    }

    /** One fetch. Compared by identity. */
    private final class Flight {
        private final CacheKey key;
        private final long token;
        private final long sequence;
        private final Mono<ReadResult> answer;

        Flight(CacheKey key, long token, LongFunction<Mono<ReadResult>> fetch) {
            this.key = key;
            this.token = token;
            this.sequence = epochs.sequence(key.tenant());
            answer = Mono.defer(() -> fetch.apply(token))
                    .doOnTerminate(() -> flights.remove(key, this))
                    .cache();
        }

        boolean isCurrent() {
            return guard.isCurrent(key, token) && epochs.sequence(key.tenant()) == sequence;
        }
    }
}
