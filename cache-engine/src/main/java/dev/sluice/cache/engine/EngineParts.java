package dev.sluice.cache.engine;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.function.LongSupplier;

/**
 * Makes the parts of a cache that keep it coherent. There is one way to make them; tests make them otherwise, to show what
 * becomes of a cache in which one of them does not do its work.
 */
class EngineParts {

    Epochs epochs() {
        return new Epochs();
    }

    FillGuard fillGuard() {
        return new FillGuard();
    }

    /** @param reads how many copies have answered so far */
    HitClock hitClock(Ticker ticker, LongSupplier reads) {
        return HitClock.of(ticker, reads);
    }

    FirstLevel firstLevel(FirstLevel.Setup setup) {
        return new FirstLevel(setup);
    }

    Doubts doubts(FirstLevel first, SecondLevel second) {
        return new Doubts(first, second);
    }

    SingleFlight flights(FillGuard guard, Epochs epochs) {
        return new SingleFlight(guard, epochs);
    }
}
