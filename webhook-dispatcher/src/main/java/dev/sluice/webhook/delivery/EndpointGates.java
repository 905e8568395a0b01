package dev.sluice.webhook.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request to an endpoint may be begun now: no more are under way, first attempts and repetitions together, and none is begun
 * sooner than its owner allows. Whoever was refused is told when to ask again. Thread-safe.
 */
final class EndpointGates {

    /** How long it is remembered of an endpoint that gets nothing that it did not do well. */
    private static final long MEMORY_NANOS = Duration.ofMinutes(10).toNanos();

    private final Function<String, Allowance> allowances;
    private final BreakerLimits limits;
    private final LongSupplier nanos;
    private final Alarm alarm;
    private final Map<String, Gate> gates = new HashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private long takenOverNanos;

    /**
     * Gates of all endpoints.
     *
     * @param allowances by endpoint id, asked for each request anew
     * @param nanos a monotonic clock
     */
    EndpointGates(Function<String, Allowance> allowances, BreakerLimits limits, LongSupplier nanos, Alarm alarm) {
        this.allowances = allowances;
        this.limits = limits;
        this.nanos = nanos;
        this.alarm = alarm;
        takenOverNanos = nanos.getAsLong();
    }

    /** Tells the listener of each endpoint whose gate may be open again; it is the one to {@link #tryEnter} with. */
    void onOpen(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Others have sent to endpoints until now: whatever a rate has room for, they may have used up. */
    synchronized void takenOver() {
        takenOverNanos = nanos.getAsLong();
    }

    /** Its owner may allow something else now: who was refused asks again. */
    synchronized void changed(String endpointId) {
        Gate gate = gates.get(endpointId);
        if (gate != null) {
            ring(endpointId, gate, 0);
        }
    }

    /** Whether nothing may be begun until it is told otherwise, however little is under way. */
    synchronized boolean isClosed(String endpointId) {
        Allowance allowance = allowances.apply(endpointId);
        Gate gate = gates.get(endpointId);
        return !allowance.open() || (gate != null && gate.held(allowance, nanos.getAsLong()) > 0);
    }

    boolean isInOrder(String endpointId) {
        return allowances.apply(endpointId).inOrder();
    }

    /**
     * A request that was begun then was answered; true when it is known by it that the endpoint is to be left alone for a while, or need
     * not be any more.
     */
    synchronized boolean answered(String endpointId, Reaction reaction, long begunNanos) {
        Gate gate = gates.get(endpointId);
        if (gate == null) {
            return false;
        }
        long now = nanos.getAsLong();
        if (reaction.succeeded()) {
            return gate.succeeded();
        }
        boolean opened = gate.failed(limits, reaction, begunNanos, now);
        reaction.rest()
                .map(asked -> asked.compareTo(limits.longestWait()) > 0 ? limits.longestWait() : asked)
                .filter(Duration::isPositive)
                .ifPresent(asked -> rest(endpointId, asked.toNanos()));
        return opened || reaction.rest().isPresent();
    }

    /** Whether the breaker is open and the next probe can be one that is due after so long; it is not sent before. */
    synchronized boolean awaitProbe(String endpointId, long wait) {
        Gate gate = gates.get(endpointId);
        return gate != null && gate.breaker != null && gate.breaker.awaitProbe(wait, nanos.getAsLong());
    }

    /** How an endpoint does. */
    synchronized Health health(String endpointId) {
        Gate gate = gates.get(endpointId);
        return gate == null ? Health.GOOD : gate.health(nanos.getAsLong());
    }

    /** Another has found that it does not do well. */
    synchronized void takenOver(String endpointId, int failures, long waitNanos) {
        Gate gate = gates.computeIfAbsent(endpointId, unseen -> new Gate());
        gate.reopen(limits, failures, waitNanos, nanos.getAsLong());
        ring(endpointId, gate, Math.max(waitNanos, 0));
    }

    /** Begins nothing for so long. */
    synchronized void rest(String endpointId, long wait) {
        Gate gate = gates.computeIfAbsent(endpointId, unseen -> new Gate());
        gate.restUntilNanos = nanos.getAsLong() + wait;
        gate.rests = true;
        ring(endpointId, gate, wait);
    }

    /** Begins nothing for so long, unless its owner no longer wants one after the other. */
    synchronized void holdInOrder(String endpointId, long wait) {
        Gate gate = gates.computeIfAbsent(endpointId, unseen -> new Gate());
        gate.heldUntilNanos = nanos.getAsLong() + wait;
        gate.isHeld = true;
        ring(endpointId, gate, Math.max(wait, 0));
    }

    synchronized boolean tryEnter(String endpointId, Consumer<String> asker) {
        Allowance allowance = allowances.apply(endpointId);
        Gate gate = gates.computeIfAbsent(endpointId, unseen -> new Gate());
        long held = gate.held(allowance, nanos.getAsLong());
        if (held > 0) {
            ring(endpointId, gate, held);
            return false;
        }
        if (!allowance.open() || gate.inside >= gate.atOnce(allowance, nanos.getAsLong())) {
            return false;
        }
        long wait = gate.tryTake(allowance, takenOverNanos, nanos.getAsLong());
        if (wait > 0) {
            ring(endpointId, gate, wait);
            return false;
        }
        gate.inside++;
        gate.last = asker;
        return true;
    }

    /**
     * The request is done with.
     *
     * @param leaver the listener that is told last: who was inside lets others go first, so that none waits for ever
     */
    void leave(String endpointId, Consumer<String> leaver) {
        synchronized (this) {
            Gate gate = gates.get(endpointId);
            if (gate == null || gate.inside == 0) {
                throw new IllegalStateException("nobody is inside of " + endpointId);
            }
            gate.inside--;
            forgetIfIdle(endpointId, gate);
        }
        tell(endpointId, leaver);
    }

    /** Endpoints with a breaker in this state; those that failed lately, when it is closed. */
    synchronized int breakers(Breaker.State state) {
        long now = nanos.getAsLong();
        return (int) gates.values().stream()
                .filter(gate -> gate.breaker != null && gate.breaker.state(now) == state)
                .count();
    }

    /** Gates that something is remembered of. */
    synchronized int size() {
        return gates.size();
    }

    private void ring(String endpointId, Gate gate, long wait) {
        long at = nanos.getAsLong() + wait;
        if (gate.alarmed && gate.alarmAtNanos - at <= 0) {
            return;
        }
        // One call for each gate at most, however often its owner has it look again.
        gate.takeBack.run();
        gate.alarmed = true;
        gate.alarmAtNanos = at;
        gate.takeBack = alarm.in(wait, () -> rang(endpointId, at));
    }

    private void rang(String endpointId, long at) {
        Consumer<String> last;
        synchronized (this) {
            Gate gate = gates.get(endpointId);
            // Another was wanted earlier meanwhile.
            if (gate == null || !gate.alarmed || gate.alarmAtNanos != at) {
                return;
            }
            gate.alarmed = false;
            last = gate.last;
            forgetIfIdle(endpointId, gate);
        }
        tell(endpointId, last);
    }

    private void tell(String endpointId, @Nullable Consumer<String> atLast) {
        for (Consumer<String> listener : listeners) {
            if (!listener.equals(atLast)) {
                listener.accept(endpointId);
            }
        }
        if (atLast != null) {
            atLast.accept(endpointId);
        }
    }

    /** One with a rate is forgotten only when that has room for a whole burst, as a new one has. */
    private void forgetIfIdle(String endpointId, Gate gate) {
        if (gate.inside > 0 || gate.alarmed) {
            return;
        }
        long owed = gate.owed(nanos.getAsLong());
        if (owed > 0) {
            ring(endpointId, gate, owed);
        } else {
            gates.remove(endpointId);
        }
    }

    private static final class Gate {
        private int inside;
        private @Nullable Pace pace;
        private @Nullable Consumer<String> last;
        /** Whether there will be a call. */
        private boolean alarmed;

        private long alarmAtNanos;
        private Runnable takeBack = () -> {};

        private boolean isHeld;
        private long heldUntilNanos;
        private boolean rests;
        private long restUntilNanos;

        private @Nullable Breaker breaker;
        private @Nullable Congestion congestion;
        private long failedAtNanos;

        boolean succeeded() {
            boolean closes = breaker != null && breaker.succeeded();
            breaker = null;
            if (congestion != null) {
                congestion.succeeded();
                congestion = congestion.isOver() ? null : congestion;
            }
            return closes;
        }

        boolean failed(BreakerLimits limits, Reaction reaction, long begunNanos, long nowNanos) {
            failedAtNanos = nowNanos;
            if (reaction.throttled()) {
                congestion = congestion == null ? new Congestion(inside) : congestion;
                congestion.throttled(begunNanos, nowNanos);
            }
            breaker = breaker == null ? new Breaker(limits) : breaker;
            return breaker.failed(nowNanos);
        }

        void reopen(BreakerLimits limits, int failures, long waitNanos, long nowNanos) {
            failedAtNanos = nowNanos;
            breaker = new Breaker(limits);
            breaker.reopen(failures, waitNanos, nowNanos);
        }

        int atOnce(Allowance allowance, long nowNanos) {
            if (allowance.isRiddance()) {
                return allowance.atOnce();
            }
            if (breaker != null && breaker.isHalfOpen(nowNanos)) {
                return 1;
            }
            return congestion == null ? allowance.atOnce() : Math.min(allowance.atOnce(), congestion.limit());
        }

        Health health(long nowNanos) {
            return new Health(
                    breaker != null && breaker.isOpen(),
                    breaker == null ? 0 : breaker.failures(),
                    Math.max(breaker == null ? 0 : breaker.closedFor(nowNanos), rests ? restUntilNanos - nowNanos : 0),
                    congestion == null ? OptionalInt.empty() : OptionalInt.of(congestion.limit()));
        }

        /** How long nothing may be begun. */
        long held(Allowance allowance, long nowNanos) {
            isHeld = isHeld && allowance.inOrder() && heldUntilNanos - nowNanos > 0;
            rests = rests && restUntilNanos - nowNanos > 0;
            if (allowance.isRiddance()) {
                return 0;
            }
            long rest =
                    Math.max(rests ? restUntilNanos - nowNanos : 0, breaker == null ? 0 : breaker.closedFor(nowNanos));
            return Math.max(isHeld ? heldUntilNanos - nowNanos : 0, rest);
        }

        /** How long until nothing is remembered that matters. */
        long owed(long nowNanos) {
            long owed = pace == null ? 0 : pace.owed(nowNanos);
            owed = Math.max(owed, isHeld ? heldUntilNanos - nowNanos : 0);
            owed = Math.max(owed, rests ? restUntilNanos - nowNanos : 0);
            boolean known = breaker != null || congestion != null;
            return Math.max(owed, known ? failedAtNanos + MEMORY_NANOS - nowNanos : 0);
        }

        long tryTake(Allowance allowance, long takenOverNanos, long nowNanos) {
            if (allowance.rate().isEmpty()) {
                pace = null;
                return 0;
            }
            if (pace == null) {
                pace = new Pace(allowance.rate().get(), takenOverNanos);
            }
            return pace.tryTake(allowance.rate().get(), nowNanos);
        }
    }
}
