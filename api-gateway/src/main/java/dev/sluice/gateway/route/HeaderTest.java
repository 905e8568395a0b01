package dev.sluice.gateway.route;

import java.util.Optional;

/**
 * What a header of a request must be.
 *
 * @param name in any case
 * @param value what one of the header's values must be to the letter; empty when it suffices that there is one
 */
public record HeaderTest(String name, Optional<String> value) {

    /** Without the value: it may be a credential. */
    @Override
    public String toString() {
        return "HeaderTest[name=" + name + "]";
    }
}
