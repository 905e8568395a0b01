package dev.sluice.webhook.history;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a delivery stands. */
enum State {
    /** Its receiver has it. */
    DELIVERED,
    /** It is tried again. */
    RETRYING,
    /** It was given up. */
    DEAD;

    static Optional<State> find(String label) {
        return Arrays.stream(values())
                .filter(state -> state.label().equals(label))
                .findFirst();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
