package dev.sluice.gateway.ingest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import reactor.core.publisher.Flux;
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
        return claimTogether(List.of(claim)).map(List::getFirst);
    }

    /** Those of one tenant, in few calls; answers in their order. Never fails: some or all are unanswered then. */
    Mono<List<ClaimReply>> claimAll(List<Claim> claims) {
        if (claims.size() <= ClaimCalls.MOST_TOGETHER) {
            return claimOrNot(claims);
        }
        return Flux.fromIterable(piecesOf(claims))
                .flatMapSequential(this::claimOrNot, Integer.MAX_VALUE, 1)
                .collectList()
                .map(pieces -> pieces.stream().flatMap(List::stream).toList());
    }

    private Mono<List<ClaimReply>> claimOrNot(List<Claim> claims) {
        return claimTogether(claims).onErrorReturn(Collections.nCopies(claims.size(), new ClaimReply.Unanswered()));
    }

    private Mono<List<ClaimReply>> claimTogether(List<Claim> claims) {
        String now = now();
        String lease = millis(terms.lease());
        String window = millis(terms.window());
        List<ClaimCalls.Question> questions = new ArrayList<>(claims.size());
        for (Claim claim : claims) {
            questions.add(
                    question(claim, "claim", claim.fingerprint(), claim.owner(), now, claim.eventId(), lease, window));
        }
        return ask(questions)
                // One slow answer is no reason to take the event unseen; the claim stays the owner's when asked again.
                .retryWhen(Retry.indefinitely().filter(Claims::isLate))
                .timeout(terms.deadline())
                .map(Claims::readAll);
    }

    /** Whether the claim is still the owner's, who then has a whole lease from now on. */
    Mono<Boolean> renew(Claim claim) {
        return ask(List.of(
                        question(claim, "renew", claim.owner(), now(), millis(terms.lease()), millis(terms.window()))))
                .map(replies -> replies.getFirst().getFirst().equals("renewed"));
    }

    /** Says where the event stands; who asks again from now on is told. Never fails: then the log will be searched. */
    Mono<Void> complete(Claim claim, EventReceipt receipt) {
        return endAll(List.of(new ClaimEnd(claim, receipt)));
    }

    /** Takes the claim back, because nothing was written. Never fails: then the lease runs out. */
    Mono<Void> release(Claim claim) {
        return endAll(List.of(new ClaimEnd(claim, null)));
    }

    /** Completes and releases those of one tenant, in few calls. Never fails. */
    Mono<Void> endAll(List<ClaimEnd> ends) {
        if (ends.size() <= ClaimCalls.MOST_TOGETHER) {
            return endTogether(ends);
        }
        return Flux.fromIterable(piecesOf(ends))
                .flatMap(this::endTogether, Integer.MAX_VALUE, 1)
                .then();
    }

    private Mono<Void> endTogether(List<ClaimEnd> ends) {
        String window = millis(terms.window());
        List<ClaimCalls.Question> questions = new ArrayList<>(ends.size());
        for (ClaimEnd end : ends) {
            questions.add(questionOf(end, window));
        }
        return ask(questions).onErrorComplete().then();
    }

    private static ClaimCalls.Question questionOf(ClaimEnd end, String window) {
        Claim claim = end.claim();
        EventReceipt receipt = end.receipt();
        return receipt == null
                ? question(claim, "release", claim.owner())
                : question(
                        claim,
                        "complete",
                        claim.fingerprint(),
                        receipt.id(),
                        Integer.toString(receipt.partition()),
                        Long.toString(receipt.offset()),
                        window);
    }

    /** Lets another take over at once, because it could not be found out what was written. Never fails. */
    Mono<Void> giveUp(Claim claim) {
        return ask(List.of(question(claim, "give-up", claim.owner())))
                .onErrorComplete()
                .then();
    }

    private static List<ClaimReply> readAll(List<List<String>> replies) {
        List<ClaimReply> read = new ArrayList<>(replies.size());
        for (List<String> reply : replies) {
            read.add(read(reply));
        }
        return read;
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

    private static <T> List<List<T>> piecesOf(List<T> many) {
        return IntStream.iterate(0, from -> from < many.size(), from -> from + ClaimCalls.MOST_TOGETHER)
                .mapToObj(from -> many.subList(from, Math.min(many.size(), from + ClaimCalls.MOST_TOGETHER)))
                .toList();
    }

    private static ClaimCalls.Question question(Claim claim, String... arguments) {
        return new ClaimCalls.Question(claim.name(), List.of(arguments));
    }

    private Mono<List<List<String>>> ask(List<ClaimCalls.Question> questions) {
        return Mono.defer(() -> {
            if (!mayAsk()) {
                return Mono.error(new IllegalStateException("Redis is left alone for a while"));
            }
            return calls.ask(questions)
                    .timeout(terms.deadline())
                    .doOnNext(replies -> failingNanos.set(NEVER))
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
