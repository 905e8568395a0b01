package dev.sluice.gateway.route;

import java.time.Duration;
import java.util.Optional;

/**
 * How targets are asked whether they are well.
 *
 * @param path what is asked for; empty when they are not asked
 * @param interval between two questions to one target
 * @param timeout until the answer must be there
 * @param unhealthyAfter how many failures in a row take a target out
 * @param healthyAfter how many successes in a row bring it back
 */
public record HealthCheck(
        Optional<String> path, Duration interval, Duration timeout, int unhealthyAfter, int healthyAfter) {

    public static final HealthCheck NONE =
            new HealthCheck(Optional.empty(), Duration.ofSeconds(10), Duration.ofSeconds(2), 3, 2);
}
