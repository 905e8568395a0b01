package dev.sluice.gateway.ratelimit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Decides requests by the shared limits, or by the local ones when those do not answer in time. Never fails and never
 * takes longer than the deadline. Thread-safe.
 */
final class RateLimiter {

    private static final Logger LOG = LoggerFactory.getLogger(RateLimiter.class);

    private final SharedLimits shared;
    private final LocalLimits local;
    private final Breaker breaker;
    private final Duration deadline;
    private final Counter failures;
    private final Counter localDecisions;
    private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);

    RateLimiter(SharedLimits shared, LocalLimits local, Breaker breaker, Duration deadline, MeterRegistry meters) {
        this.shared = shared;
        this.local = local;
        this.breaker = breaker;
        this.deadline = deadline;
        this.failures = Counter.builder("sluice.ratelimit.redis.failures")
                .description("Decisions that Redis did not give in time")
                .register(meters);
        this.localDecisions = Counter.builder("sluice.ratelimit.local.decisions")
                .description("Decisions by this gateway's own counts, because Redis did not answer or was not asked")
                .register(meters);
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(
                    verdict,
                    Counter.builder("sluice.ratelimit.decisions")
                            .description("Requests by what the limits made of them")
                            .tag("verdict", verdict.tag())
                            .register(meters));
        }
    }

    /** Decides a request and charges it when it is admitted. */
    Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        return ask(tenant, limits, cost).doOnNext(decision -> count(decision.verdict()));
    }

    /** Where the tenant stands; charges nothing. */
    Mono<LimitDecision> peek(String tenant, List<Limit> limits) {
        return ask(tenant, limits, 0);
    }

    private Mono<LimitDecision> ask(String tenant, List<Limit> limits, long cost) {
        return Mono.defer(() -> {
            if (limits.isEmpty()) {
                return Mono.just(local.decide(tenant, limits, cost));
            }
            if (!breaker.tryPass()) {
                return Mono.just(decideLocally(tenant, limits, cost));
            }
            return shared.decide(tenant, limits, cost)
                    .timeout(deadline)
                    .switchIfEmpty(Mono.error(() -> new IllegalStateException("no answer")))
                    // Redis answers all requests on one thread of its client; their handlers need all cores.
                    .publishOn(Schedulers.parallel())
                    .doOnNext(decision -> heard(tenant, limits, cost, decision))
                    .onErrorResume(failure -> Mono.just(standIn(tenant, limits, cost, failure)));
        });
    }

    private void heard(String tenant, List<Limit> limits, long cost, LimitDecision decision) {
        breaker.succeeded();
        if (cost > 0 && decision.verdict().admits()) {
            local.note(tenant, limits, cost);
        }
    }

    private LimitDecision standIn(String tenant, List<Limit> limits, long cost, Throwable failure) {
        failures.increment();
        if (breaker.failed()) {
            LOG.warn("Redis does not decide limits; this gateway's own counts stand in: {}", failure.toString());
        }
        return decideLocally(tenant, limits, cost);
    }

    private LimitDecision decideLocally(String tenant, List<Limit> limits, long cost) {
        localDecisions.increment();
        return local.decide(tenant, limits, cost);
    }

    private void count(Verdict verdict) {
        Counter counter = verdicts.get(verdict);
        if (counter != null) {
            counter.increment();
        }
    }
}
