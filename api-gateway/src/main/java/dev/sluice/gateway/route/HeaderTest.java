package dev.sluice.gateway.route;

import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/**
 * What a header of a request must be.
 *
 * @param name in any case
 * @param value what one of the header's values must be to the letter; empty when it suffices that there is one
 */
public record HeaderTest(String name, Optional<String> value) {

    boolean passes(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(name);
        return value.isPresent() ? values.contains(value.get()) : !values.isEmpty();
    }
}
