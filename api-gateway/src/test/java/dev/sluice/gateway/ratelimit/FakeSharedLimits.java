package dev.sluice.gateway.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Mono;

/** Shared limits in memory that can be taken away. */
final class FakeSharedLimits implements SharedLimits {

    /** How it meets its caller. */
    enum Mood {
        ANSWERS,
        FAILS,
        REFUSES_TENANT,
        /** Does what it is asked to, and answers later than anyone waits for. */
        LATE,
        /** Never answers, and cannot even be called off: Lettuce throws at that when a command was not yet on its way. */
        HANGS
    }

    private static final long BORN = 1;
    private static final Duration LATENESS = Duration.ofMillis(300);

    private final Map<String, LeaseLedger> ledgers = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<String, Integer> callsByTenant = new ConcurrentHashMap<>();
    private volatile Mood mood = Mood.ANSWERS;

    FakeSharedLimits(InstantSource clock) {
        this.clock = clock;
    }

    void turn(Mood other) {
        mood = other;
    }

    /** Loses all counts, and nobody notices. */
    void forget() {
        ledgers.clear();
    }

    int calls() {
        return calls.get();
    }

    /** Those that concern one tenant. */
    int callsFor(String tenant) {
        return callsByTenant.getOrDefault(tenant, 0);
    }

    @Override
    public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        return answer(tenant, ledger -> ledger.decide(limits, cost, now()));
    }

    @Override
    public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
        return answer(tenant, ledger -> ledger.lease(call, now()));
    }

    @Override
    public Mono<LeaseEpoch> greet(String gateway, long recounted) {
        return met(Mono.fromSupplier(() -> new LeaseEpoch(BORN, now() - BORN, 1)));
    }

    @Override
    public Mono<Void> caughtUp() {
        return Mono.empty();
    }

    private <T> Mono<T> answer(String tenant, Function<LeaseLedger, T> action) {
        calls.incrementAndGet();
        callsByTenant.merge(tenant, 1, Integer::sum);
        Mono<T> answer = Mono.fromSupplier(() -> {
            LeaseLedger ledger = ledgers.computeIfAbsent(tenant, unseen -> new LeaseLedger());
            synchronized (ledger) {
                return action.apply(ledger);
            }
        });
        return met(answer);
    }

    private <T> Mono<T> met(Mono<T> answer) {
        return switch (mood) {
            case ANSWERS -> answer;
            case LATE -> answer.delayElement(LATENESS);
            case FAILS -> Mono.error(new IllegalStateException("away"));
            case REFUSES_TENANT -> Mono.error(new TenantCountsException(new IllegalStateException("WRONGTYPE")));
            case HANGS -> hung();
        };
    }

    private static <T> Mono<T> hung() {
        return Mono.fromDirect(caller -> caller.onSubscribe(new Subscription() {
            @Override
            public void request(long count) {}

            @Override
            public void cancel() {
                throw new IllegalStateException("cannot be called off");
            }
        }));
    }

    private long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
