package dev.sluice.webhook.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final Function<String, Allowance> allowances;
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
    EndpointGates(Function<String, Allowance> allowances, LongSupplier nanos, Alarm alarm) {
        this.allowances = allowances;
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
        if (!allowance.open() || gate.inside >= allowance.atOnce()) {
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

    /** Gates that something is remembered of. */
    synchronized int size() {
        return gates.size();
    }

    private void ring(String endpointId, Gate gate, long wait) {
        long at = nanos.getAsLong() + wait;
        if (gate.alarmed && gate.alarmAtNanos - at <= 0) {
            return;
        }
        gate.alarmed = true;
        gate.alarmAtNanos = at;
        alarm.in(wait, () -> rang(endpointId, at));
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

        private boolean isHeld;
        private long heldUntilNanos;
        private boolean rests;
        private long restUntilNanos;

        /** How long nothing may be begun. */
        long held(Allowance allowance, long nowNanos) {
            isHeld = isHeld && allowance.inOrder() && heldUntilNanos - nowNanos > 0;
            rests = rests && restUntilNanos - nowNanos > 0;
            return Math.max(isHeld ? heldUntilNanos - nowNanos : 0, rests ? restUntilNanos - nowNanos : 0);
        }

        /** How long until nothing is remembered that matters. */
        long owed(long nowNanos) {
            long owed = pace == null ? 0 : pace.owed(nowNanos);
            owed = Math.max(owed, isHeld ? heldUntilNanos - nowNanos : 0);
            return Math.max(owed, rests ? restUntilNanos - nowNanos : 0);
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
