package dev.sluice.webhook.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * How many requests are under way to each endpoint, first attempts and repetitions together, so that no more are begun than its
 * owner allows. Whoever got no slot is told when one may be free. Thread-safe.
 */
final class EndpointSlots {

    /** Of an endpoint whose owner says nothing. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private final ToIntFunction<String> limits;
    private final Map<String, Integer> taken = new HashMap<>();
    private final List<Consumer<String>> waiting = new CopyOnWriteArrayList<>();

    /** @param limits most requests at once by endpoint id, asked for each anew */
    EndpointSlots(ToIntFunction<String> limits) {
        this.limits = limits;
    }

    /** Tells the listener of each endpoint that has a slot free again, on the thread that gave it. */
    void onFree(Consumer<String> listener) {
        waiting.add(listener);
    }

    synchronized boolean tryTake(String endpointId) {
        int before = taken.getOrDefault(endpointId, 0);
        if (before >= limits.applyAsInt(endpointId)) {
            return false;
        }
        taken.put(endpointId, before + 1);
        return true;
    }

    /**
     * Gives a slot back.
     *
     * @param giver the listener that is told last: who had a slot lets others go first, so that none waits for ever
     */
    void give(String endpointId, Consumer<String> giver) {
        synchronized (this) {
            taken.computeIfPresent(endpointId, (id, count) -> count == 1 ? null : count - 1);
        }
        for (Consumer<String> listener : waiting) {
            if (!listener.equals(giver)) {
                listener.accept(endpointId);
            }
        }
        giver.accept(endpointId);
    }

    /** Endpoints with requests under way. */
    synchronized int size() {
        return taken.size();
    }
}
