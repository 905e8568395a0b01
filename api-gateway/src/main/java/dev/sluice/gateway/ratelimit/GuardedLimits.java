package dev.sluice.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The shared limits, asked for no longer than a deadline and left alone while they fail. What concerns one tenant alone
 * does not count as a failure of all. Thread-safe.
 */
final class GuardedLimits implements SharedLimits {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedLimits.class);

    /** A late decision is waited for so long, to learn whether it charged. */
    private static final Duration LATE = Duration.ofSeconds(1);

    /** The first is logged, and then one of so many: each of the tenant's requests meets it. */
    private static final int REFUSALS_A_WARNING = 1_000;

    private final SharedLimits shared;
    private final Breaker breaker;
    private final Duration deadline;
    private final AtomicLong refusals = new AtomicLong();
    private final Counter failures;
    private final Counter decisions;
    private final Counter leases;

    GuardedLimits(SharedLimits shared, Breaker breaker, Duration deadline, MeterRegistry meters) {
        this.shared = shared;
        this.breaker = breaker;
        this.deadline = deadline;
        this.failures = Counter.builder("sluice.ratelimit.redis.failures")
                .description("Decisions that Redis did not give in time")
                .register(meters);
        this.decisions = calls("decide", meters);
        this.leases = calls("lease", meters);
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

    /** One that is late fails with a {@link LateDecisionException}. */
    @Override
    public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        return guard(decisions, () -> {
            Mono<LimitDecision> answer =
                    answered(shared.decide(tenant, limits, cost)).timeout(LATE).cache();
            return answer.timeout(deadline)
                    .onErrorMap(TimeoutException.class, slow -> new LateDecisionException(answer, slow));
        });
    }

    @Override
    public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
        return guard(leases, () -> answered(shared.lease(tenant, call)).timeout(deadline));
    }

    private <T> Mono<T> guard(Counter calls, Supplier<Mono<T>> call) {
        return Mono.defer(() -> {
            if (!breaker.tryPass()) {
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
    private static <T> Mono<T> answered(Mono<T> answer) {
        Mono<T> one = answer.switchIfEmpty(Mono.error(() -> new IllegalStateException("no answer")));
        return Mono.fromFuture(one::toFuture, /* suppressCancel= */ true);
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
            LOG.warn("Redis does not decide limits; this gateway's own counts stand in: {}", failure.toString());
        }
    }
}
