package dev.sluice.cache.warm;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where the keys come from. */
enum WarmStrategy {
    /** They are given. */
    LIST,
    /** The origin of the namespace has a document of them. */
    ORIGIN,
    /** They were read most in the last hour, as the log tells. */
    LOG;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<WarmStrategy> of(String text) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.text().equals(text))
                .findFirst();
    }
}
