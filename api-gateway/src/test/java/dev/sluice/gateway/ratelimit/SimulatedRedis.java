package dev.sluice.gateway.ratelimit;

import dev.sluice.gateway.ratelimit.TestGateway.Waits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Redis on a virtual clock, as its callers see it: it answers in order, one call at a time, and can be paused, killed and
 * started again with its counts or without. What is under way when it is killed fails, and its callers hear of the broken
 * connection. Not thread-safe.
 */
final class SimulatedRedis {

    static final Duration MEAN_DELAY = Duration.ofNanos(200_000);
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
    static final Duration CHECK = Duration.ofMillis(100);

    private enum State {
        UP,
        PAUSED,
        DOWN
    }

    private record Call<T>(Port port, MonoSink<T> sink, Supplier<T> action) {}

    private final VirtualTimeScheduler time;
    private final LongUnaryOperator random;
    private final Queue<Call<?>> received = new ArrayDeque<>();
    private final Set<MonoSink<?>> underWay = new HashSet<>();
    private final Map<TestGateway, Port> ports = new HashMap<>();
    private final List<Runnable> connections = new ArrayList<>();
    private final Set<String> recounted = new HashSet<>();
    private Map<String, LeaseLedger> ledgers = new HashMap<>();
    private Map<String, LeaseLedger> saved = new HashMap<>();
    private long nextDelayNanos;
    private State state = State.UP;
    private boolean busy;
    private long serviceNanos = 20_000;
    private long born = 1;
    private long pace = 1;
    private int calls;

    /** @param random a number from 0 to below its argument */
    SimulatedRedis(VirtualTimeScheduler time, LongUnaryOperator random) {
        this.time = time;
        this.random = random;
    }

    Instant now() {
        return START.plusNanos(time.now(TimeUnit.NANOSECONDS));
    }

    int calls() {
        return calls;
    }

    /** A gateway whose wall clock is wrong by so much, and which looks after this Redis. */
    TestGateway gateway(IntSupplier alive, Duration skew) {
        long origin = random.applyAsLong(1_000_000_000_000L);
        Port port = new Port();
        TestGateway gateway = TestGateway.of(
                port,
                alive,
                Waits.SHORT,
                () -> origin + pace * time.now(TimeUnit.MICROSECONDS),
                () -> now().plus(skew));
        ports.put(gateway, port);
        connections.add(gateway.watch()::connectionBroke);
        gateway.watch().start(CHECK);
        return gateway;
    }

    /** As a gateway asks it that stands still for nobody. */
    SharedLimits port() {
        return new Port();
    }

    /** One gateway does not reach Redis any more. */
    void cutOff(TestGateway gateway) {
        Objects.requireNonNull(ports.get(gateway)).isCutOff = true;
        gateway.watch().connectionBroke();
    }

    void connect(TestGateway gateway) {
        Objects.requireNonNull(ports.get(gateway)).isCutOff = false;
    }

    /** Its thread that reads answers gets no processor for so long; its timers do. */
    void stopReading(TestGateway gateway, Duration length) {
        Objects.requireNonNull(ports.get(gateway)).readsFrom = time.now(TimeUnit.NANOSECONDS) + length.toNanos();
    }

    void pause() {
        state = state == State.UP ? State.PAUSED : state;
    }

    void resume() {
        state = state == State.PAUSED ? State.UP : state;
        next();
    }

    void kill() {
        state = State.DOWN;
        received.clear();
        List<MonoSink<?>> lost = List.copyOf(underWay);
        underWay.clear();
        connections.forEach(Runnable::run);
        lost.forEach(sink -> sink.error(new IllegalStateException("connection reset")));
    }

    void start() {
        if (state == State.DOWN) {
            state = State.UP;
            born = micros();
            recounted.clear();
        }
    }

    /** What it has now is on the disk. */
    void save() {
        saved = new HashMap<>();
        ledgers.forEach((tenant, ledger) -> saved.put(tenant, ledger.copy()));
    }

    /** With what was on the disk. */
    void startAsSaved() {
        if (state == State.DOWN) {
            ledgers = saved;
            start();
        }
    }

    void startEmpty() {
        if (state == State.DOWN) {
            ledgers = new HashMap<>();
            start();
        }
    }

    /** Gateways see so much more time pass than their timers wait, as where they get no processor. */
    void starve(int factor) {
        pace = factor;
    }

    /** Each call takes so long. */
    void slowDown(Duration service) {
        serviceNanos = service.toNanos();
    }

    /** The next call is so long under way; others overtake it. */
    void delayNextCall(Duration delay) {
        nextDelayNanos = delay.toNanos();
    }

    private long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, now());
    }

    private void receive(Call<?> call) {
        if (underWay.contains(call.sink())) {
            received.add(call);
            next();
        }
    }

    private void next() {
        if (state != State.UP || busy || received.isEmpty()) {
            return;
        }
        busy = true;
        after(serviceNanos, () -> {
            busy = false;
            Call<?> call = state == State.UP ? received.poll() : null;
            if (call != null) {
                answer(call);
            }
            next();
        });
    }

    private <T> void answer(Call<T> call) {
        T answer = call.action().get();
        after(
                delayNanos(),
                () -> call.port().read(() -> {
                    if (underWay.remove(call.sink())) {
                        call.sink().success(answer);
                    }
                }));
    }

    private long delayNanos() {
        return random.applyAsLong(2 * MEAN_DELAY.toNanos());
    }

    private void after(long nanos, Runnable action) {
        time.schedule(action, nanos, TimeUnit.NANOSECONDS);
    }

    private final class Port implements SharedLimits {

        private boolean isCutOff;
        private long readsFrom;

        /** What has arrived, in order. */
        private void read(Runnable arrived) {
            long wait = readsFrom - time.now(TimeUnit.NANOSECONDS);
            if (wait > 0) {
                after(wait, arrived);
                return;
            }
            arrived.run();
        }

        @Override
        public Mono<Void> caughtUp() {
            return Mono.create(sink -> read(sink::success));
        }

        @Override
        public Mono<LimitDecision> decide(String tenant, List<Limit> limits, long cost) {
            return call(tenant, ledger -> ledger.decide(limits, cost, micros()));
        }

        @Override
        public Mono<LeaseReply> lease(String tenant, LeaseCall call) {
            return call(tenant, ledger -> ledger.lease(call, micros()));
        }

        @Override
        public Mono<LeaseEpoch> greet(String gateway, long told) {
            return send(() -> {
                if (told == born) {
                    recounted.add(gateway);
                }
                return new LeaseEpoch(born, micros() - born, recounted.size());
            });
        }

        private <T> Mono<T> call(String tenant, Function<LeaseLedger, T> action) {
            return send(() -> action.apply(ledgers.computeIfAbsent(tenant, unseen -> new LeaseLedger())));
        }

        private <T> Mono<T> send(Supplier<T> action) {
            return Mono.create(sink -> {
                calls++;
                if (state == State.DOWN || isCutOff) {
                    sink.error(new IllegalStateException("not connected"));
                    return;
                }
                underWay.add(sink);
                long delay = nextDelayNanos > 0 ? nextDelayNanos : delayNanos();
                nextDelayNanos = 0;
                after(delay, () -> receive(new Call<>(this, sink, action)));
            });
        }
    }
}
