package dev.sluice.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The shared limits, asked for only as long as somebody may be kept waiting, and left alone while they are lost. What
 * concerns one tenant alone does not count as a failure of all. Thread-safe.
 *
 * <p><b>When they are taken for lost.</b> The answers of Redis come in order over one connection. So a call that is out for
 * a while says nothing by itself: those before it may just take their time. It says something when nothing at all was
 * heard meanwhile. A call looks twice, each time after half of the patience; two looks in a row that found
 * silence are a loss, as are a connection that breaks and some errors in a row. A loss found by one is one for all: from
 * then on nobody waits. A request so waits for at most three halves of the patience after Redis fell silent, and longer, up to
 * the deadline, only while Redis answers others, when it is up and what it says is worth waiting for, or while this
 * process gets no processor, which is no silence of Redis.
 *
 * <p><b>This process or Redis.</b> When this process was stopped (garbage collection, a busy machine), answers lie unread in
 * the socket. So the look that would make a loss of it first lets the thread that reads them catch up ({@link
 * SharedLimits#caughtUp}): it finds silence only when nothing has arrived. One that is late by more than it was to wait, itself or for that
 * thread, counts for nothing: where this process got no processor, Redis beside it had none either.
 *
 * <p><b>Why it is no harm to be wrong.</b> A healthy Redis that pauses for longer is a lost one until its answer comes. When
 * the connection did not break meanwhile, that late answer ends the loss: it is the same Redis with the same counts. Else it is
 * the sign to look after it at once. Meanwhile requests are spent out of leases, which were debited
 * before, and else out of this gateway's part of what was left; what is so admitted is told before Redis decides again
 * for the tenant ({@link LeaseDesk#settle}), and what a late call did charge is not charged again. So a wrong guess costs
 * at most what a short outage costs, and each outage at most limit and a burst for each gateway (decision 0006).
 */
final class GuardedLimits implements SharedLimits {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedLimits.class);

    /** A late decision is waited for so long at least, to learn whether it charged. */
    static final Duration LATE = Duration.ofSeconds(1);

    /** So many looks in a row that found silence are a loss. */
    private static final int SILENT_LOOKS = 2;

    /** The first is logged, and then one of so many: each of the tenant's requests meets it. */
    private static final int REFUSALS_A_WARNING = 1_000;

    private final SharedLimits shared;
    private final Breaker breaker;
    private final Duration look;
    private final LongSupplier micros;
    private final Duration deadline;
    private final Duration late;
    private final long lookMicros;
    /** Grows with everything heard of Redis. */
    private final AtomicLong heard = new AtomicLong();

    private final AtomicLong refusals = new AtomicLong();
    private final Counter failures;
    private final Counter losses;
    private final Counter decisions;
    private final Counter leases;
    private final Counter greetings;
    private volatile Runnable signOfLife = () -> {};

    /**
     * @param patience how long silence may keep a request waiting
     * @param deadline how long a request may wait while others are answered
     * @param micros microseconds of a clock that never steps
     */
    GuardedLimits(
            SharedLimits shared,
            Breaker breaker,
            Duration patience,
            Duration deadline,
            LongSupplier micros,
            MeterRegistry meters) {
        this.shared = shared;
        this.breaker = breaker;
        this.look = patience.dividedBy(SILENT_LOOKS);
        this.deadline = deadline;
        this.late = deadline.compareTo(LATE) > 0 ? deadline : LATE;
        this.micros = micros;
        this.lookMicros = TimeUnit.NANOSECONDS.toMicros(look.toNanos());
        this.failures = Counter.builder("sluice.ratelimit.redis.failures")
                .description("Decisions that Redis did not give in time")
                .register(meters);
        this.losses = Counter.builder("sluice.limit.redis.losses")
                .description("Times that Redis was taken for lost")
                .register(meters);
        Gauge.builder("sluice.limit.redis.away", breaker, open -> open.isOpen() ? 1 : 0)
                .description("1 while this gateway's own counts stand in for Redis")
                .register(meters);
        this.decisions = calls("decide", meters);
        this.leases = calls("lease", meters);
        this.greetings = calls("greet", meters);
    }

    private static Counter calls(String kind, MeterRegistry meters) {
        return Counter.builder("sluice.limit.script.calls")
                .description("Calls of the Redis script that holds the limits")
                .tag("kind", kind)
                .register(meters);
    }

    /** Whether they are being left alone. */
    boolean isAway() {
        return breaker.isOpen();
    }

    Duration deadline() {
        return deadline;
    }

    /** Is run when something is heard of Redis while it is left alone, and not for mere silence. */
    void onSignOfLife(Runnable listener) {
        signOfLife = listener;
    }

    /** Leaves them alone until somebody has looked after them: the connection broke, or they are not the same any more. */
    void lose(String reason) {
        if (breaker.open()) {
            lost(reason);
        }
    }

    /** One that is late fails with a {@link LateDecisionException}. */
    @Override
    public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        return guard(decisions, () -> {
            Mono<LimitDecision> answer =
                    answered(shared.decide(tenant, limits, cost)).timeout(late).cache();
            return patiently(answer)
                    .onErrorMap(TimeoutException.class, slow -> new LateDecisionException(answer, slow));
        });
    }

    @Override
    public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
        return guard(leases, () -> patiently(answered(shared.lease(tenant, call))));
    }

    /** The same in the background, though they are left alone. */
    Mono<LeaseReply> recount(String tenant, LeaseCall call) {
        return inBackground(leases, () -> shared.lease(tenant, call));
    }

    /** Asked in the background, though they are left alone. */
    @Override
    public Mono<LeaseEpoch> greet(String gateway, long recounted) {
        return inBackground(greetings, () -> shared.greet(gateway, recounted));
    }

    @Override
    public Mono<Void> caughtUp() {
        return shared.caughtUp();
    }

    private <T> Mono<T> inBackground(Counter calls, Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            calls.increment();
            return answered(call.get()).timeout(late).publishOn(Schedulers.parallel());
        });
    }

    private <T> Mono<T> guard(Counter calls, Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            if (breaker.isOpen()) {
                return Mono.error(new IllegalStateException("Redis is left alone for a while"));
            }
            calls.increment();
            return watched(call.get());
        });
    }

    /**
     * An answer that is asked for once, and not called off by who stops waiting. To call one off can fail, as it does in
     * Lettuce when the command was not yet on its way, and then Reactor forgets to tell of the timeout too.
     */
    private <T> Mono<T> answered(Mono<T> answer) {
        Mono<T> one = answer.switchIfEmpty(Mono.error(() -> new IllegalStateException("no answer")))
                .doOnNext(any -> hear())
                .doOnError(TenantCountsException.class, refused -> hear());
        return Mono.fromFuture(one::toFuture, /* suppressCancel= */ true);
    }

    private void hear() {
        heard.incrementAndGet();
        if (!breaker.isOpen()) {
            return;
        }
        if (breaker.closeAfterSilence()) {
            LOG.info("Redis was silent and decides limits again");
            return;
        }
        signOfLife.run();
    }

    private <T> Mono<T> patiently(Mono<T> answer) {
        return answer.timeout(Mono.defer(() -> silence(micros.getAsLong(), 0, heard.get())));
    }

    /** Answers when there is nothing to wait for any more. */
    private Mono<Boolean> silence(long askedAt, int silentLooks, long heardBefore) {
        long began = micros.getAsLong();
        return Mono.delay(look).then(catchUp(askedAt, silentLooks, heardBefore)).then(Mono.defer(() -> {
            long now = micros.getAsLong();
            long heardNow = heard.get();
            boolean isLate = now - began > 2 * lookMicros;
            int silent = heardNow == heardBefore ? silentLooks + (isLate ? 0 : 1) : 0;
            if (silent >= SILENT_LOOKS && breaker.openForSilence()) {
                lost("it fell silent");
            }
            boolean over = breaker.isOpen() || now + lookMicros - askedAt > micros(deadline);
            return over ? Mono.just(true) : silence(askedAt, silent, heardNow);
        }));
    }

    /** Before silence is a loss, reads what has arrived; for no longer than two looks take, nor beyond the deadline. */
    private Mono<Void> catchUp(long askedAt, int silentLooks, long heardBefore) {
        return Mono.defer(() -> {
            if (silentLooks + 1 < SILENT_LOOKS || heard.get() != heardBefore) {
                return Mono.empty();
            }
            long left = micros(deadline) - (micros.getAsLong() - askedAt);
            long most = Math.clamp(left, 0, SILENT_LOOKS * lookMicros);
            return shared.caughtUp().timeout(Duration.of(most, ChronoUnit.MICROS), Mono.empty());
        });
    }

    private static long micros(Duration length) {
        return TimeUnit.NANOSECONDS.toMicros(length.toNanos());
    }

    private <T> Mono<T> watched(Mono<T> answer) {
        return answer
                // Redis answers all requests on one thread of its client; their handlers need all cores.
                .publishOn(Schedulers.parallel())
                .doOnNext(any -> breaker.succeeded())
                .doOnError(this::failed);
    }

    private void failed(Throwable failure) {
        failures.increment();
        if (failure instanceof TenantCountsException) {
            // Redis did answer.
            breaker.succeeded();
            if (refusals.getAndIncrement() % REFUSALS_A_WARNING == 0) {
                LOG.warn("a tenant's limits are counted by this gateway alone: {}", failure.getMessage());
            }
        } else if (breaker.failed()) {
            lost(failure.toString());
        }
    }

    private void lost(String reason) {
        losses.increment();
        LOG.warn("Redis does not decide limits; this gateway's own counts stand in: {}", reason);
    }
}
