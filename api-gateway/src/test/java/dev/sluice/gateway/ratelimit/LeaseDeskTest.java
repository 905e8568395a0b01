package dev.sluice.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.platform.test.FakeClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class LeaseDeskTest {

    private static final int THREADS = 8;
    private static final int REQUESTS = 400;

    /** Asks for no more than what waits: a call for nearly each request. */
    private static final LeaseTerms HAND_TO_MOUTH = new LeaseTerms(2_000_000, 1, 20_000, 25_000, 1_000_000);

    private static final List<Limit> LIMITS = List.of(Limits.daily(1_000_000));

    private final FakeClock clock = FakeClock.fixed();
    private final Recorder shared = new Recorder(new FakeSharedLimits(clock));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final LeaseDesk desk = new LeaseDesk(
            new GuardedLimits(
                    shared,
                    new Breaker(3),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30),
                    TestGateway.microsOf(clock),
                    meters),
            HAND_TO_MOUTH,
            100,
            LeaseHolders.ofThisProcess(),
            TestGateway.microsOf(clock),
            clock,
            meters);

    /** The shared counts pass over a call whose number is not higher than the last, and with it what it tells. */
    @Test
    void numbersTheCallsForATenantInTheOrderTheyAreMadeThoughManyThreadsMakeThem()
            throws InterruptedException, ExecutionException {
        inThreads(() -> {
            for (int i = 0; i < REQUESTS; i++) {
                if (desk.decide("acme", LIMITS, 1) == null) {
                    desk.await("acme", LIMITS, 1).block(Duration.ofSeconds(30));
                }
            }
        });
        assertThat(shared.numbers).isNotEmpty().allSatisfy((holder, numbers) -> {
            assertThat(numbers).hasSizeGreaterThan(THREADS);
            assertThat(numbers).doesNotHaveDuplicates().isSorted();
        });
    }

    @Test
    void numbersTheCallsOfABookThatFollowsAClosedOneOfTheSameTenantHigher() {
        desk.await("acme", LIMITS, 1).block();
        desk.close();
        desk.await("acme", LIMITS, 1).block();
        assertThat(shared.numbers).hasSize(2);
        assertThat(shared.all).doesNotHaveDuplicates().isSorted();
    }

    private static void inThreads(Runnable task) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(task));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    /** Remembers the numbers of the calls in the order in which they come; a book makes one at a time. */
    private static final class Recorder implements SharedLimits {

        private final Map<String, List<Long>> numbers = new ConcurrentHashMap<>();
        private final List<Long> all = Collections.synchronizedList(new ArrayList<>());
        private final SharedLimits counts;

        Recorder(SharedLimits counts) {
            this.counts = counts;
        }

        @Override
        public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
            return counts.decide(tenant, limits, cost);
        }

        @Override
        public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
            numbers.computeIfAbsent(call.holder(), unseen -> Collections.synchronizedList(new ArrayList<>()))
                    .add(call.number());
            all.add(call.number());
            return counts.lease(tenant, call);
        }

        @Override
        public Mono<LeaseEpoch> greet(String gateway, long recounted) {
            return counts.greet(gateway, recounted);
        }

        @Override
        public Mono<Void> caughtUp() {
            return counts.caughtUp();
        }
    }
}
