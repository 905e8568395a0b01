package dev.sluice.webhook.egress;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the parts of one request took, one after the other; empty are those that it did not come to or had no need of.
 *
 * @param resolve until the name had addresses
 * @param connect from there until one of them took the connection
 * @param tls from there until the connection was secure
 * @param waiting from there until the head of the answer was read; the request is sent within it
 * @param total from the beginning until the end of what is read of the answer
 */
public record Timings(
        Optional<Duration> resolve,
        Optional<Duration> connect,
        Optional<Duration> tls,
        Optional<Duration> waiting,
        Duration total) {}
