package dev.sluice.gateway.route;

import java.time.Duration;

/**
 * How long a request may wait for its upstream.
 *
 * @param connect until there is a connection
 * @param firstByte until the head of the answer is there, from when the request was sent
 * @param idle between two pieces of a body
 * @param total from begin to end, all attempts together; zero for no bound, as for streams
 */
public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {

    public static final Timeouts USUAL =
            new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ZERO);
}
