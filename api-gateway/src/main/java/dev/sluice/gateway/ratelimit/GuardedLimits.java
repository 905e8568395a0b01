package dev.sluice.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The shared limits, asked for only as long as somebody may be kept waiting, and left alone while they are lost. What
 * concerns one tenant alone does not count as a failure of all. Thread-safe.
 *
 * <p><b>When they are taken for lost.</b> When they fall silent for as long as a request may be kept waiting for that ({@link
 * SilenceWatch}), when a connection breaks, and after some errors in a row. A loss found by one is one for all: from
 * then on nobody waits. Where several masters of a cluster hold the counts, each is listened to by itself, and they are lost as long
 * as one of them is. A request so waits for at most the patience after Redis fell silent, and longer, up to
 * the deadline, only while Redis answers others, when it is up and what it says is worth waiting for, or while this
 * process gets no processor, which is no silence of Redis.
 *
 * <p><b>Why it is no harm to be wrong.</b> A healthy Redis that pauses for longer is a lost one until its answer comes. When
 * the connection did not break meanwhile, that late answer ends the loss: it is the same Redis with the same counts. Else it is
 * the sign to look after it at once. Meanwhile requests are spent out of leases, which were debited
 * before, and else out of this gateway's part of what was left; what is so admitted is told before Redis decides again
 * for the tenant ({@link LeaseDesk#settle}), and what a late call did charge is not charged again. So a wrong guess costs
 * at most what a short outage costs, and each outage at most limit and a burst for each gateway (decision 0006).
 */
final class GuardedLimits implements SharedLimits, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedLimits.class);

    /** A late decision is waited for so long at least, to learn whether it charged. */
    static final Duration LATE = Duration.ofSeconds(1);

    /** The first is logged, and then one of so many: each of the tenant's requests meets it. */
    private static final int REFUSALS_A_WARNING = 1_000;

    /** A look is due each few milliseconds. */
    private static final int FAILED_LOOKS_AN_ERROR = 1_000;

    private final SharedLimits shared;
    private final Breaker breaker;
    private final Function<String, SilenceWatch> newWatch;
    /** By the holders of the counts. */
    private final Map<String, SilenceWatch> watches = new ConcurrentHashMap<>();

    private final Scheduler timer = Schedulers.newSingle("redis-silence", true);
    private final Duration late;
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong failedLooks = new AtomicLong();
    private final Counter lookFailures;
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
        this.newWatch = holder -> new SilenceWatch(
                holder,
                breaker,
                () -> lost("it fell silent"),
                shared::caughtUp,
                patience,
                deadline,
                micros,
                timer,
                this::lookFailed);
        this.late = deadline.compareTo(LATE) > 0 ? deadline : LATE;
        this.failures = Counter.builder("sluice.ratelimit.redis.failures")
                .description("Decisions that Redis did not give in time")
                .register(meters);
        this.lookFailures = Counter.builder("sluice.limit.watch.failures")
                .description("Looks whether Redis fell silent that failed; the next one is made all the same")
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

    /** Fails when nobody is to wait any longer; not on a thread to go on on. */
    Publisher<Void> endOfPatience(String tenant) {
        return watchOf(holderOf(tenant)).endOfPatience();
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
            String holder = holderOf(tenant);
            Mono<LimitDecision> answer =
                    answered(holder, shared.decide(tenant, limits, cost)).cache();
            return patiently(holder, answer)
                    .onErrorMap(
                            NotWaitedForException.class,
                            gaveUp -> new LateDecisionException(answer.timeout(late), gaveUp));
        });
    }

    @Override
    public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
        return guard(leases, () -> {
            String holder = holderOf(tenant);
            return patiently(holder, answered(holder, shared.lease(tenant, call)));
        });
    }

    /** The same in the background, though they are left alone. */
    Mono<LeaseReply> recount(String tenant, LeaseCall call) {
        return inBackground(leases, () -> answered(holderOf(tenant), shared.lease(tenant, call)));
    }

    /** Asked in the background, though they are left alone. */
    @Override
    public Mono<LeaseEpoch> greet(String gateway, long recounted) {
        // All who hold counts have answered it.
        return inBackground(greetings, () -> answered(this::hearAll, shared.greet(gateway, recounted)));
    }

    @Override
    public String holderOf(String tenant) {
        return shared.holderOf(tenant);
    }

    private SilenceWatch watchOf(String holder) {
        return watches.computeIfAbsent(holder, newWatch);
    }

    @Override
    public Mono<Void> caughtUp() {
        return shared.caughtUp();
    }

    private <T> Mono<T> inBackground(Counter calls, Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            calls.increment();
            return call.get().timeout(late).publishOn(Schedulers.parallel());
        });
    }

    private <T> Mono<T> guard(Counter calls, Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            if (breaker.isOpen()) {
                return Mono.error(NotWaitedForException.lost());
            }
            calls.increment();
            // Redis answers all requests on one thread of its client; their handlers need all cores.
            return call.get().publishOn(Schedulers.parallel());
        });
    }

    private <T> Mono<T> answered(String holder, Mono<T> answer) {
        return answered(() -> hear(holder), answer);
    }

    /**
     * An answer that is asked for once, and not called off by who stops waiting. To call one off can fail, as it does in
     * Lettuce when the command was not yet on its way, and then Reactor forgets to tell of the timeout too.
     */
    private static <T> Mono<T> answered(Runnable hear, Mono<T> answer) {
        Mono<T> one = answer.switchIfEmpty(Mono.error(() -> new IllegalStateException("no answer")))
                .doOnNext(any -> hear.run())
                .doOnError(TenantCountsException.class, refused -> hear.run());
        return Mono.fromFuture(one::toFuture, /* suppressCancel= */ true);
    }

    private void hearAll() {
        watches.keySet().forEach(this::hear);
    }

    private void hear(String holder) {
        watchOf(holder).heard();
        if (!breaker.isOpen()) {
            return;
        }
        if (breaker.closeAfterSilence(holder)) {
            LOG.info("Redis was silent and decides limits again");
            return;
        }
        signOfLife.run();
    }

    /** The breaker hears at once how it went: told late, a failure would open it against a Redis that is long back. */
    private <T> Mono<T> patiently(String holder, Mono<T> answer) {
        return answer.timeout(watchOf(holder).endOfCall())
                .doOnNext(any -> breaker.succeeded())
                .doOnError(this::failed);
    }

    private void failed(Throwable failure) {
        failures.increment();
        if (failure instanceof NotWaitedForException gaveUp && gaveUp.isLost()) {
            // The consequence of a loss is no further reason for one.
            return;
        }
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

    private void lookFailed(Throwable failure) {
        lookFailures.increment();
        if (failedLooks.getAndIncrement() % FAILED_LOOKS_AN_ERROR == 0) {
            LOG.error("a look whether Redis fell silent failed; it is looked again", failure);
        }
    }

    private void lost(String reason) {
        losses.increment();
        LOG.warn("Redis does not decide limits; this gateway's own counts stand in: {}", reason);
    }

    @Override
    public void close() {
        timer.dispose();
    }
}
