package dev.sluice.cache.engine;

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
