package dev.sluice.gateway.ratelimit;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Shared limits in memory that can be taken away. */
final class FakeSharedLimits implements SharedLimits {

    /** How it meets its caller. */
    enum Mood {
        ANSWERS,
        FAILS,
        HANGS
    }

    private final LocalLimits counts;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Mood mood = Mood.ANSWERS;

    FakeSharedLimits(InstantSource clock) {
        counts = new LocalLimits(1, 1_000, clock);
    }

    void turn(Mood other) {
        mood = other;
    }

    int calls() {
        return calls.get();
    }

    @Override
    public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
        calls.incrementAndGet();
        return switch (mood) {
            case ANSWERS -> Mono.fromSupplier(() -> counts.decide(tenant, limits, cost));
            case FAILS -> Mono.error(new IllegalStateException("away"));
            case HANGS -> Mono.never();
        };
    }
}
