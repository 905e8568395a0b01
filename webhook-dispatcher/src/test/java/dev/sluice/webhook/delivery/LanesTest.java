package dev.sluice.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.record.DeliveryTrigger;
import dev.sluice.record.WebhookDelivery;
import dev.sluice.webhook.TrustedRecords;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Deliveries in their lanes while receivers hang, fail and answer on other threads. */
class LanesTest {
    static {
        TrustedRecords.load();
    }

    private final List<WebhookDelivery> deferred = new ArrayList<>();
    private final List<CompletableFuture<Void>> started = new ArrayList<>();
    private final Lanes lanes = new Lanes(new LaneLimits(3, 2, 2), unlimited(), Lanes.Room.ENDLESS, this::work);

    @Test
    void aHangingEndpointDoesNotDelayAnother() {
        run("hangs", 10);
        assertThat(started).hasSize(2);

        CompletionStage<?> other = run(lanes, delivery("quick"));
        assertThat(started).hasSize(3);
        started.get(2).complete(null);
        assertThat(other.toCompletableFuture()).isCompleted();
    }

    @Test
    void whatALaneCannotHoldIsDeferredAtOnce() {
        List<CompletionStage<?>> stages = run("hangs", 6);

        assertThat(lanes.inFlight()).isEqualTo(2);
        assertThat(lanes.waiting()).isEqualTo(2);
        assertThat(deferred).hasSize(2);
        assertThat(stages.get(5).toCompletableFuture()).isCompleted();
        assertThat(stages.get(3).toCompletableFuture()).isNotDone();
    }

    @Test
    void theEndOfOneStartsTheNext() {
        List<CompletionStage<?>> stages = run("slow", 4);
        for (int i = 0; i < 4; i++) {
            assertThat(started).hasSize(Math.min(4, i + 2));
            started.get(i).complete(null);
            assertThat(stages.get(i).toCompletableFuture()).isCompleted();
        }
        assertThat(lanes.inFlight()).isZero();
        assertThat(lanes.waiting()).isZero();
    }

    @Test
    void aTurnIsOverWhenItsReceiverHasItWhileTheLogIsWaitedFor() {
        EndpointGates oneAtOnce = atOnce(id -> 1);
        List<Job> begun = new ArrayList<>();
        Lanes quick = new Lanes(new LaneLimits(3, 2, 9), oneAtOnce, Lanes.Room.ENDLESS, job -> {
            begun.add(job);
            return work(job);
        });
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stages.add(run(quick, delivery("a")));
        }
        assertThat(begun).hasSize(1);
        begun.getFirst().sent().complete(null);
        assertThat(begun).as("the next one goes").hasSize(2);
        assertThat(quick.inFlight()).isEqualTo(1);
        assertThat(stages.getFirst().toCompletableFuture())
                .as("only the log's word is one")
                .isNotDone();

        started.getFirst().complete(null);
        assertThat(stages.getFirst().toCompletableFuture()).isCompleted();
        assertThat(begun).as("its turn was over before").hasSize(2);
        started.get(1).completeExceptionally(new IllegalStateException("no"));
        assertThat(stages.get(1).toCompletableFuture()).isCompletedExceptionally();
        assertThat(begun)
                .as("one that was not sent has its turn until it is done")
                .hasSize(3);
        started.get(2).complete(null);
        started.get(3).complete(null);
        assertThat(quick.inFlight()).isZero();
        assertThat(oneAtOnce.size()).isZero();
    }

    @Test
    void noMoreAreSentThanTwiceWhatMayBeInFlightWhileTheLogTakesNothing() {
        List<Job> begun = new ArrayList<>();
        Lanes quick = new Lanes(new LaneLimits(3, 2, 99), unlimited(), Lanes.Room.ENDLESS, job -> {
            begun.add(job);
            return work(job);
        });
        for (int i = 0; i < 20; i++) {
            run(quick, delivery("a"));
        }
        for (int i = 0; i < begun.size(); i++) {
            begun.get(i).sent().complete(null);
        }
        assertThat(begun)
                .as("six that wait for the log, and two with their turns")
                .hasSize(8);

        started.getFirst().complete(null);
        assertThat(begun)
                .as("those that wait with their turns do so until they are done")
                .hasSize(8);
        started.get(6).complete(null);
        assertThat(begun).hasSize(9);
        begun.get(8).sent().complete(null);
        assertThat(begun).hasSize(10);
        for (int i = 0; i < started.size(); i++) {
            started.get(i).complete(null);
        }
        assertThat(begun).hasSize(20);
        assertThat(quick.inFlight()).isZero();
    }

    @Test
    void whatWaitsCanBeTakenBack() {
        List<CompletionStage<?>> stages = run("slow", 4);
        assertThat(lanes.withdraw("slow")).hasSize(2);
        assertThat(lanes.withdraw("slow")).isEmpty();
        assertThat(lanes.withdraw("never")).isEmpty();
        assertThat(lanes.waiting()).isZero();
        started.forEach(attempt -> attempt.complete(null));
        assertThat(started).hasSize(2);
        assertThat(stages.get(3).toCompletableFuture()).isNotDone();
        assertThat(lanes.inFlight()).isZero();
    }

    @Test
    void aFailureIsToldAndFreesTheLane() {
        CompletionStage<?> stage = run(lanes, delivery("a"));
        started.getFirst().completeExceptionally(new IllegalStateException("no"));

        assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
        assertThat(lanes.inFlight()).isZero();
    }

    @Test
    void workThatThrowsIsAFailureToo() {
        Lanes throwing = new Lanes(new LaneLimits(1, 1, 1), unlimited(), Lanes.Room.ENDLESS, delivery -> {
            throw new IllegalStateException("no");
        });

        assertThat(run(throwing, delivery("a")).toCompletableFuture()).isCompletedExceptionally();
        assertThat(run(throwing, delivery("a")).toCompletableFuture()).isCompletedExceptionally();
        assertThat(throwing.inFlight()).isZero();
    }

    @Test
    void manyAtOnceThatEndAtOnceDoNotNest() {
        int jobs = 100_000;
        CompletableFuture<Void> gate = new CompletableFuture<>();
        AtomicInteger ended = new AtomicInteger();
        Lanes wide = new Lanes(
                new LaneLimits(1, 1, jobs),
                unlimited(),
                Lanes.Room.ENDLESS,
                delivery -> gate.isDone() ? CompletableFuture.completedFuture(null) : gate);
        for (int i = 0; i < jobs; i++) {
            run(wide, delivery("a")).whenComplete((done, failure) -> ended.incrementAndGet());
        }
        gate.complete(null);

        assertThat(ended).as("a stack that grows with them would overflow").hasValue(jobs);
    }

    @Test
    void keepsItsBoundsWhenCalledFromManyThreads() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(4_000);
        try (ExecutorService receivers = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            Lanes busy = new Lanes(
                    new LaneLimits(5, 2, 4_000),
                    unlimited(),
                    Lanes.Room.ENDLESS,
                    delivery -> CompletableFuture.runAsync(
                            () -> {
                                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                                atOnce.decrementAndGet();
                            },
                            receivers));
            for (int caller = 0; caller < 4; caller++) {
                callers.execute(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        run(busy, delivery("ep_" + i % 7)).whenComplete((done, failure) -> ended.countDown());
                    }
                });
            }
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(busy.inFlight()).isZero();
            assertThat(busy.waiting()).isZero();
        }
        assertThat(most.get()).isBetween(1, 5);
    }

    @Test
    void whatAnOwnerAllowsIsForFirstAttemptsAndRepetitionsTogetherInTurns() {
        EndpointGates slots = atOnce(id -> id.equals("narrow") ? 1 : Integer.MAX_VALUE);
        List<String> order = new ArrayList<>();
        Lanes first = new Lanes(new LaneLimits(9, 9, 9), slots, Lanes.Room.ENDLESS, delivery -> noted("first", order));
        Lanes retries =
                new Lanes(new LaneLimits(9, 9, 9), slots, Lanes.Room.ENDLESS, delivery -> noted("retry", order));
        for (int i = 0; i < 3; i++) {
            run(first, delivery("narrow"));
            run(retries, delivery("narrow"));
        }
        assertThat(order).containsExactly("first");
        assertThat(first.waiting() + retries.waiting()).isEqualTo(5);

        run(first, delivery("wide"));
        run(first, delivery("wide"));
        assertThat(order).as("others are not held up").containsExactly("first", "first", "first");
        started.remove(2).complete(null);
        started.remove(1).complete(null);
        order.clear();

        for (int i = 0; i < 6; i++) {
            assertThat(started).as("one at once").hasSize(i + 1);
            started.get(i).complete(null);
        }
        assertThat(order).containsExactly("retry", "first", "retry", "first", "retry");
        assertThat(slots.size()).isZero();
        assertThat(first.waiting() + retries.waiting()).isZero();
    }

    @Test
    void keepsWhatAnOwnerAllowsWhenCalledFromManyThreads() throws Exception {
        EndpointGates slots = atOnce(id -> id.equals("ep_0") ? 1 : 3);
        Map<String, AtomicInteger> atOnce = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> most = new ConcurrentHashMap<>();
        CountDownLatch ended = new CountDownLatch(4_000);
        try (ExecutorService receivers = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService callers = Executors.newFixedThreadPool(4)) {
            Function<Job, CompletionStage<?>> work = job -> {
                String id = job.endpointId();
                int now = atOnce.computeIfAbsent(id, unseen -> new AtomicInteger())
                        .incrementAndGet();
                most.computeIfAbsent(id, unseen -> new AtomicInteger()).accumulateAndGet(now, Math::max);
                return CompletableFuture.runAsync(
                        () -> Objects.requireNonNull(atOnce.get(id)).decrementAndGet(), receivers);
            };
            List<Lanes> both = List.of(
                    new Lanes(new LaneLimits(50, 20, 4_000), slots, Lanes.Room.ENDLESS, work),
                    new Lanes(new LaneLimits(50, 20, 4_000), slots, Lanes.Room.ENDLESS, work));
            for (int caller = 0; caller < 4; caller++) {
                Lanes lane = both.get(caller % 2);
                callers.execute(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        run(lane, delivery("ep_" + i % 2)).whenComplete((done, failure) -> ended.countDown());
                    }
                });
            }
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Objects.requireNonNull(most.get("ep_0")).get()).isEqualTo(1);
        assertThat(Objects.requireNonNull(most.get("ep_1")).get()).isBetween(1, 3);
        assertThat(slots.size()).isZero();
    }

    private static EndpointGates unlimited() {
        return atOnce(id -> Integer.MAX_VALUE);
    }

    private static EndpointGates atOnce(ToIntFunction<String> limits) {
        SimulatedTime time = new SimulatedTime();
        return new EndpointGates(
                id -> new Allowance(true, false, limits.applyAsInt(id), Optional.empty()),
                new BreakerLimits(3, Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30)),
                time,
                time);
    }

    private CompletionStage<?> noted(String what, List<String> order) {
        order.add(what);
        CompletableFuture<Void> attempt = new CompletableFuture<>();
        started.add(attempt);
        return attempt;
    }

    private CompletionStage<?> work(Job job) {
        CompletableFuture<Void> attempt = new CompletableFuture<>();
        started.add(attempt);
        return attempt;
    }

    /** As a caller does it; one that finds no room is noted and done with. */
    private CompletionStage<?> run(Lanes to, WebhookDelivery delivery) {
        Job job = Job.read(delivery, 0, 0);
        if (!to.offer(job)) {
            deferred.add(delivery);
            return CompletableFuture.completedFuture(null);
        }
        to.startWhatMay();
        return job.done();
    }

    private List<CompletionStage<?>> run(String endpoint, int count) {
        List<CompletionStage<?>> stages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stages.add(run(lanes, delivery(endpoint)));
        }
        return stages;
    }

    private static WebhookDelivery delivery(String endpointId) {
        return WebhookDelivery.newBuilder()
                .setId("msg_1")
                .setTenant("tenant of " + endpointId)
                .setEndpointId(endpointId)
                .setEventId("evt-1")
                .setEventType("a")
                .setEventTime(Instant.EPOCH)
                .setContentType("application/json")
                .setBody(ByteBuffer.allocate(0))
                .setAttempt(0)
                .setDueAt(Instant.EPOCH)
                .setCreatedAt(Instant.EPOCH)
                .setTrigger(DeliveryTrigger.EVENT)
                .build();
    }
}
