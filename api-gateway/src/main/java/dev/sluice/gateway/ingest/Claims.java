package dev.sluice.gateway.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Lets an event be written once: who writes it claims its name in Redis first, and completes the claim with the place on
 * the log after. A claim whose owner died in between is pending; it is neither believed nor thrown away. After its lease
 * another takes it over, looks on the log for what the owner may have written since ({@link EventSearch}), and writes only
 * what is not there. So a crash at any point between claim, write and completion leaves one event.
 *
 * <p>What that rests on: the lease is longer than a write can take (queue, retries of the producer), so that the former
 * owner has written when the log is read, or never will. A process that is stopped for longer than the lease between its
 * claim and its write, and then goes on, can still write a second time; it writes the same id. Thread-safe; never waits
 * longer than the deadline.
 */
final class Claims {

    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    /** Redis that has not answered for so long is left alone, but for one request in each pause. */
    private static final Duration AWAY = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final long NEVER = 0;

    private final ClaimCalls calls;
    private final InstantSource clock;
    private final ClaimTerms terms;
    /** When the first failure was that no success followed. */
    private final AtomicLong failingNanos = new AtomicLong(NEVER);

    private final AtomicLong askedNanos = new AtomicLong();

    Claims(ReactiveStringRedisTemplate redis, InstantSource clock, ClaimTerms terms) {
        this.calls = new ClaimCalls(redis, terms.deadline());
        this.clock = clock;
        this.terms = terms;
    }

    /**
     * Completes once there is a connection, or none can be had in that time. A gateway that was killed is sent its
     * unfinished events again as soon as it is back; they are not to be taken unchecked for want of a connection.
     */
    Mono<Void> connect(Duration patience) {
        // The script itself, so that the first event does not wait for it to be loaded.
        return calls.ask(new ClaimCalls.Question("ingest:connect", List.of("give-up", "nobody")))
                .timeout(patience)
                .onErrorComplete()
                .then();
    }

    /** Fails when Redis does not answer in time; the claim may be made nevertheless. */
    Mono<ClaimReply> claim(Claim claim) {
        return ask(
                        claim,
                        "claim",
                        claim.fingerprint(),
                        claim.owner(),
                        now(),
                        claim.eventId(),
                        millis(terms.lease()),
                        millis(terms.window()))
                // One slow answer is no reason to take the event unseen; the claim stays the owner's when asked again.
                .retryWhen(Retry.indefinitely().filter(Claims::isLate))
                .timeout(terms.deadline())
                .map(Claims::read);
    }

    /** Whether the claim is still the owner's, who then has a whole lease from now on. */
    Mono<Boolean> renew(Claim claim) {
        return ask(claim, "renew", claim.owner(), now(), millis(terms.lease()), millis(terms.window()))
                .map(reply -> reply.getFirst().equals("renewed"));
    }

    /** Says where the event stands; who asks again from now on is told. Never fails: then the log will be searched. */
    Mono<Void> complete(Claim claim, EventReceipt receipt) {
        return ask(
                        claim,
                        "complete",
                        claim.fingerprint(),
                        receipt.id(),
                        Integer.toString(receipt.partition()),
                        Long.toString(receipt.offset()),
                        millis(terms.window()))
                .onErrorComplete()
                .then();
    }

    /** Takes the claim back, because nothing was written. Never fails: then the lease runs out. */
    Mono<Void> release(Claim claim) {
        return ask(claim, "release", claim.owner()).onErrorComplete().then();
    }

    /** Lets another take over at once, because it could not be found out what was written. Never fails. */
    Mono<Void> giveUp(Claim claim) {
        return ask(claim, "give-up", claim.owner()).onErrorComplete().then();
    }

    private static ClaimReply read(List<String> reply) {
        return switch (reply.getFirst()) {
            case "granted" -> new ClaimReply.Granted();
            case "mismatch" -> new ClaimReply.Mismatch();
            case "in-flight" -> new ClaimReply.InFlight();
            case "complete" ->
                new ClaimReply.Complete(reply.get(1), Integer.parseInt(reply.get(2)), Long.parseLong(reply.get(3)));
            case "taken-over" ->
                new ClaimReply.TakenOver(reply.get(1), Instant.ofEpochMilli(Long.parseLong(reply.get(2))));
            default -> throw new IllegalStateException("claim.lua replied " + reply.getFirst());
        };
    }

    private Mono<List<String>> ask(Claim claim, String... arguments) {
        return Mono.defer(() -> {
            if (!mayAsk()) {
                return Mono.error(new IllegalStateException("Redis is left alone for a while"));
            }
            return calls.ask(new ClaimCalls.Question(claim.name(), List.of(arguments)))
                    .timeout(terms.deadline())
                    .doOnNext(reply -> failingNanos.set(NEVER))
                    .doOnError(this::failed);
        });
    }

    private boolean mayAsk() {
        long failing = failingNanos.get();
        long now = System.nanoTime();
        if (failing == NEVER || now - failing < AWAY.toNanos()) {
            return true;
        }
        long asked = askedNanos.get();
        return now - asked >= PAUSE.toNanos() && askedNanos.compareAndSet(asked, now);
    }

    private void failed(Throwable failure) {
        long now = System.nanoTime();
        askedNanos.set(now);
        if (failingNanos.compareAndSet(NEVER, now)) {
            LOG.warn(
                    "Redis holds no claims; events are taken unchecked, idempotency keys refused: {}",
                    failure.toString());
        }
    }

    /** There is a connection, and the answer takes long. */
    private static boolean isLate(Throwable failure) {
        return failure instanceof QueryTimeoutException;
    }

    private String now() {
        return Long.toString(clock.millis());
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
