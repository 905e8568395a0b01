package dev.sluice.webhook.egress;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the parts of one request took, one after the other; empty are those that it did not come to or had no need of. A request over a
 * connection that was there has no need of the first three. What is missing in the total is waiting for a connection to be free, and
 * the body of the answer.
 *
 * @param resolve until the name had addresses
 * @param connect from there until one of them took the connection
 * @param tls from there until the connection was secure
 * @param waiting from the beginning of the request until the head of the answer was read
 * @param total from the beginning until the end of what is read of the answer
 */
public record Timings(
        Optional<Duration> resolve,
        Optional<Duration> connect,
        Optional<Duration> tls,
        Optional<Duration> waiting,
        Duration total) {

    /** No parts, and so long altogether. */
    public static Timings of(Duration total) {
        return new Timings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), total);
    }

    /** Whether it came to any of its parts, as far as is known. */
    public boolean hasParts() {
        return resolve.isPresent() || connect.isPresent() || tls.isPresent() || waiting.isPresent();
    }
}
